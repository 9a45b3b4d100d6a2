-- The payroll database in small: twelve payslips a person, visible to that person alone.
CREATE SCHEMA IF NOT EXISTS payroll AUTHORIZATION payroll_owner;
CREATE SCHEMA IF NOT EXISTS payroll_api AUTHORIZATION payroll_owner;

CREATE TABLE IF NOT EXISTS payroll.payslip (
    employee_email text NOT NULL CHECK (employee_email = lower(employee_email)),
    month          date NOT NULL,
    gross_pay      numeric(10, 2) NOT NULL,
    net_pay        numeric(10, 2) NOT NULL,
    bank_account   text NOT NULL,
    PRIMARY KEY (employee_email, month)
);
ALTER TABLE payroll.payslip OWNER TO payroll_owner;

INSERT INTO payroll.payslip
SELECT e.email, m::date, pay.gross, round(pay.gross * 0.62, 2), e.bank_account
FROM hr.employee AS e
CROSS JOIN LATERAL (SELECT 2800 + ('x' || substr(md5('pay' || e.email), 1, 4))::bit(16)::integer % 4000 AS gross) AS pay
CROSS JOIN generate_series(date_trunc('year', CURRENT_DATE), date_trunc('year', CURRENT_DATE) + INTERVAL '11 months',
                           INTERVAL '1 month') AS m
ON CONFLICT DO NOTHING;

ALTER TABLE payroll.payslip ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own ON payroll.payslip;
CREATE POLICY own ON payroll.payslip FOR SELECT TO payroll_reader
    USING (employee_email = lower(current_setting('appguard.user_email', true)));
GRANT USAGE ON SCHEMA payroll TO payroll_reader;
GRANT SELECT ON payroll.payslip TO payroll_reader;

CREATE OR REPLACE VIEW payroll_api.payslip WITH (security_barrier) AS SELECT * FROM payroll.payslip;
ALTER VIEW payroll_api.payslip OWNER TO payroll_reader;
GRANT USAGE ON SCHEMA payroll_api TO payroll_broker, payroll_reader;
GRANT SELECT ON payroll_api.payslip TO payroll_broker;
