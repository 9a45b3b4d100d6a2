-- The HR database as HR keeps it.
CREATE SCHEMA IF NOT EXISTS hr AUTHORIZATION hr_owner;
SET ROLE hr_owner;

CREATE TABLE IF NOT EXISTS hr.department (
    department_id integer PRIMARY KEY,
    name          text NOT NULL UNIQUE
);

CREATE TABLE IF NOT EXISTS hr.employee (
    employee_id   integer PRIMARY KEY,
    email         text NOT NULL UNIQUE CHECK (email = lower(email)),
    full_name     text NOT NULL,
    birth_date    date NOT NULL,
    bank_account  text NOT NULL,
    job_title     text NOT NULL,
    hired_on      date NOT NULL,
    department_id integer NOT NULL REFERENCES hr.department,
    manager_id    integer REFERENCES hr.employee
);
CREATE INDEX IF NOT EXISTS employee_manager ON hr.employee (manager_id);

CREATE TABLE IF NOT EXISTS hr.leave_entitlement (
    employee_id   integer NOT NULL REFERENCES hr.employee,
    year          integer NOT NULL,
    leave_type    text NOT NULL CHECK (leave_type IN ('annual', 'parental', 'special')),
    days          numeric(5, 1) NOT NULL CHECK (days >= 0),
    PRIMARY KEY (employee_id, year, leave_type)
);

CREATE TABLE IF NOT EXISTS hr.leave_request (
    request_id    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    employee_id   integer NOT NULL REFERENCES hr.employee,
    leave_type    text NOT NULL CHECK (leave_type IN ('annual', 'parental', 'special', 'unpaid', 'sick')),
    starts_on     date NOT NULL,
    ends_on       date NOT NULL CHECK (ends_on >= starts_on),
    days          numeric(5, 1) NOT NULL CHECK (days > 0),
    status        text NOT NULL CHECK (status IN ('requested', 'approved', 'rejected', 'cancelled')),
    reason        text NOT NULL DEFAULT '',
    health_note   text,
    requested_on  date NOT NULL DEFAULT CURRENT_DATE,
    requested_via text NOT NULL DEFAULT 'hr',
    decided_by    integer REFERENCES hr.employee
);
CREATE INDEX IF NOT EXISTS leave_request_employee ON hr.leave_request (employee_id, starts_on);

RESET ROLE;
