-- Who sees which rows. The user's address comes from the broker, which verified it, as a setting
-- that ends with the transaction; without it nobody is anybody and no row is visible.
SET ROLE hr_owner;
GRANT USAGE ON SCHEMA hr TO hr_identity, hr_reader, hr_writer, hr_statistics;
GRANT SELECT (employee_id, email, manager_id) ON hr.employee TO hr_identity;

ALTER TABLE hr.employee          ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE hr.leave_entitlement ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE hr.leave_request     ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
RESET ROLE;

-- Definer's rights of a role that sees three columns, so that a policy on hr.employee may ask it.
CREATE OR REPLACE FUNCTION hr.me() RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT employee_id FROM hr.employee WHERE email = lower(current_setting('appguard.user_email', true)) $$;

CREATE OR REPLACE FUNCTION hr.my_reports() RETURNS SETOF integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT employee_id FROM hr.employee WHERE manager_id = hr.me() $$;

CREATE OR REPLACE FUNCTION hr.my_manager() RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT manager_id FROM hr.employee WHERE employee_id = hr.me() $$;

ALTER FUNCTION hr.me() OWNER TO hr_identity;
ALTER FUNCTION hr.my_reports() OWNER TO hr_identity;
ALTER FUNCTION hr.my_manager() OWNER TO hr_identity;
REVOKE EXECUTE ON FUNCTION hr.me(), hr.my_reports(), hr.my_manager() FROM PUBLIC;
-- A view's functions run with the rights of whoever uses the view, hence the login too.
GRANT EXECUTE ON FUNCTION hr.me(), hr.my_reports(), hr.my_manager() TO hr_reader, hr_writer, hr_broker;

DROP POLICY IF EXISTS lookup ON hr.employee;
DROP POLICY IF EXISTS counting ON hr.employee;
DROP POLICY IF EXISTS own_team_and_manager ON hr.employee;
CREATE POLICY lookup ON hr.employee FOR SELECT TO hr_identity USING (true);
CREATE POLICY counting ON hr.employee FOR SELECT TO hr_statistics USING (true);
CREATE POLICY own_team_and_manager ON hr.employee FOR SELECT TO hr_reader, hr_writer
    USING (employee_id IN ((SELECT hr.me()), (SELECT hr.my_manager())) OR employee_id IN (SELECT hr.my_reports()));

DROP POLICY IF EXISTS own ON hr.leave_entitlement;
CREATE POLICY own ON hr.leave_entitlement FOR SELECT TO hr_reader, hr_writer
    USING (employee_id = (SELECT hr.me()));

DROP POLICY IF EXISTS own_and_team ON hr.leave_request;
DROP POLICY IF EXISTS ask_for_oneself ON hr.leave_request;
DROP POLICY IF EXISTS withdraw_or_decide ON hr.leave_request;
CREATE POLICY own_and_team ON hr.leave_request FOR SELECT TO hr_reader, hr_writer
    USING (employee_id = (SELECT hr.me()) OR employee_id IN (SELECT hr.my_reports()));
CREATE POLICY ask_for_oneself ON hr.leave_request FOR INSERT TO hr_writer
    WITH CHECK (employee_id = (SELECT hr.me()) AND status = 'requested' AND decided_by IS NULL);
CREATE POLICY withdraw_or_decide ON hr.leave_request FOR UPDATE TO hr_writer
    USING (status = 'requested'
           AND (employee_id = (SELECT hr.me()) OR employee_id IN (SELECT hr.my_reports())))
    WITH CHECK ((employee_id = (SELECT hr.me()) AND status = 'cancelled')
           OR (employee_id IN (SELECT hr.my_reports()) AND status IN ('approved', 'rejected')
               AND decided_by = (SELECT hr.me())));
