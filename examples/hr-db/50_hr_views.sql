-- What the broker may read. The views run with the rights of hr_reader: it owns no table, has no
-- BYPASSRLS and holds these columns only, so row-level security applies in full while the login
-- holds no table right at all. (security_invoker would need those rights on the login itself.)
CREATE SCHEMA IF NOT EXISTS hr_api AUTHORIZATION hr_owner;

SET ROLE hr_owner;
GRANT USAGE ON SCHEMA hr_api TO hr_broker, hr_reader, hr_writer, hr_statistics;
GRANT SELECT ON hr.department TO hr_reader, hr_statistics;
GRANT SELECT ON hr.employee TO hr_reader;
GRANT SELECT ON hr.leave_entitlement TO hr_reader;
GRANT SELECT ON hr.leave_request TO hr_reader;
GRANT SELECT (employee_id, department_id) ON hr.employee TO hr_statistics;
RESET ROLE;

CREATE OR REPLACE VIEW hr_api.profile WITH (security_barrier) AS
SELECT e.full_name, e.email, e.job_title, d.name AS department, e.hired_on, e.birth_date, e.bank_account,
       m.full_name AS manager_name
FROM hr.employee AS e
JOIN hr.department AS d USING (department_id)
LEFT JOIN hr.employee AS m ON m.employee_id = e.manager_id
WHERE e.employee_id = (SELECT hr.me());

CREATE OR REPLACE VIEW hr_api.leave_balance WITH (security_barrier) AS
SELECT t.year, t.leave_type, t.days AS entitled_days,
       coalesce(sum(r.days) FILTER (WHERE r.status = 'approved'), 0) AS taken_days,
       coalesce(sum(r.days) FILTER (WHERE r.status = 'requested'), 0) AS planned_days,
       t.days - coalesce(sum(r.days) FILTER (WHERE r.status IN ('approved', 'requested')), 0) AS remaining_days,
       e.email AS employee_email
FROM hr.leave_entitlement AS t
JOIN hr.employee AS e USING (employee_id)
LEFT JOIN hr.leave_request AS r
       ON r.employee_id = t.employee_id AND r.leave_type = t.leave_type
      AND extract(year FROM r.starts_on)::integer = t.year
WHERE t.employee_id = (SELECT hr.me())
GROUP BY t.employee_id, t.year, t.leave_type, t.days, e.email;

CREATE OR REPLACE VIEW hr_api.my_leave_request WITH (security_barrier) AS
SELECT r.request_id, r.leave_type, r.starts_on, r.ends_on, r.days, r.status, r.reason, r.requested_on,
       m.full_name AS decided_by, e.email AS employee_email
FROM hr.leave_request AS r
JOIN hr.employee AS e USING (employee_id)
LEFT JOIN hr.employee AS m ON m.employee_id = r.decided_by
WHERE r.employee_id = (SELECT hr.me()) AND r.leave_type <> 'sick';

CREATE OR REPLACE VIEW hr_api.my_sick_leave WITH (security_barrier) AS
SELECT r.starts_on, r.ends_on, r.health_note, e.email AS employee_email
FROM hr.leave_request AS r
JOIN hr.employee AS e USING (employee_id)
WHERE r.employee_id = (SELECT hr.me()) AND r.leave_type = 'sick';

CREATE OR REPLACE VIEW hr_api.team_leave WITH (security_barrier) AS
SELECT e.full_name AS employee_name, e.birth_date, r.starts_on, r.ends_on, r.days,
       e.email AS employee_email, m.email AS manager_email
FROM hr.leave_request AS r
JOIN hr.employee AS e USING (employee_id)
LEFT JOIN hr.employee AS m ON m.employee_id = e.manager_id
WHERE r.status = 'approved';

CREATE OR REPLACE VIEW hr_api.team_open_request WITH (security_barrier) AS
SELECT r.request_id, e.full_name AS employee_name, r.leave_type, r.starts_on, r.ends_on, r.days, r.reason,
       e.email AS employee_email, m.email AS manager_email
FROM hr.leave_request AS r
JOIN hr.employee AS e USING (employee_id)
JOIN hr.employee AS m ON m.employee_id = e.manager_id
WHERE r.status = 'requested' AND r.employee_id IN (SELECT hr.my_reports());

CREATE OR REPLACE VIEW hr_api.headcount WITH (security_barrier) AS
SELECT d.name AS department, count(*)::integer AS headcount
FROM hr.employee AS e
JOIN hr.department AS d USING (department_id)
GROUP BY d.name
HAVING count(DISTINCT e.employee_id) >= 5;

ALTER VIEW hr_api.profile OWNER TO hr_reader;
ALTER VIEW hr_api.leave_balance OWNER TO hr_reader;
ALTER VIEW hr_api.my_leave_request OWNER TO hr_reader;
ALTER VIEW hr_api.my_sick_leave OWNER TO hr_reader;
ALTER VIEW hr_api.team_leave OWNER TO hr_reader;
ALTER VIEW hr_api.team_open_request OWNER TO hr_reader;
ALTER VIEW hr_api.headcount OWNER TO hr_statistics;
GRANT SELECT ON hr_api.profile, hr_api.leave_balance, hr_api.my_leave_request, hr_api.my_sick_leave,
                hr_api.team_leave, hr_api.team_open_request, hr_api.headcount TO hr_broker;
