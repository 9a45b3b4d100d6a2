-- Who is who. No role here owns anything it reads, and none bypasses row-level security.
--
--   hr_owner       owns the schemas and tables; nobody logs in as it
--   hr_identity    may look up employee number, address and manager: answers "who is the user?"
--   hr_reader      owns the views; holds column rights, always under row-level security
--   hr_writer      owns the commands; holds column rights, always under row-level security
--   hr_statistics  owns views of counts; sees department and number of every employee, nothing else
--   hr_broker      what the logins of apps are members of: views and commands of hr_api, no table at all
--   appguard_hr    makes those logins; may read nothing itself
--
-- payroll_* and office_* are the same in small. Passwords are set by whoever seeds, never here.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['hr_owner', 'hr_identity', 'hr_reader', 'hr_writer', 'hr_statistics', 'hr_broker',
                                'payroll_owner', 'payroll_reader', 'payroll_broker',
                                'office_owner', 'office_writer', 'office_broker'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT', role);
        END IF;
    END LOOP;
    FOREACH role IN ARRAY ARRAY['appguard_hr', 'appguard_payroll', 'appguard_office'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS NOINHERIT', role);
        END IF;
    END LOOP;
END
$$;

GRANT hr_broker      TO appguard_hr      WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;
GRANT payroll_broker TO appguard_payroll WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;
GRANT office_broker  TO appguard_office  WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;

-- Logins make nothing of their own, not even temporary tables.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;
