-- A training database as a learning department keeps it: courses, and who goes to which.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['training_owner', 'training_reader', 'training_writer', 'training_statistics',
                                'training_broker'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT', role);
        END IF;
    END LOOP;
END
$$;

-- Logins make nothing of their own, not even temporary tables.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;

CREATE SCHEMA IF NOT EXISTS training AUTHORIZATION training_owner;
SET ROLE training_owner;

CREATE TABLE IF NOT EXISTS training.course (
    course_id integer PRIMARY KEY,
    title     text NOT NULL,
    starts_on date NOT NULL,
    hours     numeric(4, 1) NOT NULL CHECK (hours > 0)
);
CREATE TABLE IF NOT EXISTS training.registration (
    registration_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    course_id       integer NOT NULL REFERENCES training.course,
    employee_email  text NOT NULL CHECK (employee_email = lower(employee_email)),
    registered_on   date NOT NULL DEFAULT CURRENT_DATE,
    passed          boolean,
    remark          text NOT NULL DEFAULT '',
    UNIQUE (course_id, employee_email)
);

INSERT INTO training.course VALUES
    (1, 'First aid', '2027-02-01', 8), (2, 'Fire warden', '2027-03-01', 4), (3, 'SQL for analysts', '2027-04-12', 16)
ON CONFLICT DO NOTHING;
INSERT INTO training.registration (course_id, employee_email, passed, remark)
SELECT c, who || '@example.com', CASE WHEN c = 1 THEN true END, CASE WHEN who = 'ana' THEN 'needs a front seat' ELSE '' END
FROM unnest(ARRAY['ana', 'mia', 'rob', 'sam', 'ada', 'pat']) AS who, unnest(ARRAY[1, 2]) AS c
WHERE c = 1 OR who IN ('ana', 'mia')
ON CONFLICT DO NOTHING;
RESET ROLE;
