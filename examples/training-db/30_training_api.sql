-- What the broker may read and do.
CREATE SCHEMA IF NOT EXISTS training_api AUTHORIZATION training_owner;

CREATE OR REPLACE VIEW training_api.course WITH (security_barrier) AS
SELECT course_id, title, starts_on, hours FROM training.course;

CREATE OR REPLACE VIEW training_api.my_registration WITH (security_barrier) AS
SELECT r.registration_id, c.title, c.starts_on, r.registered_on, r.passed, r.remark, r.employee_email
FROM training.registration AS r
JOIN training.course AS c USING (course_id);

CREATE OR REPLACE VIEW training_api.attendance WITH (security_barrier) AS
SELECT c.title, count(DISTINCT r.employee_email)::integer AS participants
FROM training.registration AS r
JOIN training.course AS c USING (course_id)
GROUP BY c.course_id, c.title;

CREATE OR REPLACE FUNCTION training_api.register(course integer)
    RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    INSERT INTO training.registration (course_id, employee_email)
    VALUES (course, lower(current_setting('appguard.user_email', true)));
    RETURN 1;
EXCEPTION
    WHEN unique_violation THEN RAISE EXCEPTION USING ERRCODE = 'TR001';
    WHEN foreign_key_violation THEN RAISE EXCEPTION USING ERRCODE = 'TR002';
END
$$;

CREATE OR REPLACE FUNCTION training_api.withdraw(course integer)
    RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    changed integer;
BEGIN
    DELETE FROM training.registration WHERE course_id = course AND passed IS NULL;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;

GRANT USAGE ON SCHEMA training_api TO training_reader, training_writer, training_statistics, training_broker;
ALTER VIEW training_api.course OWNER TO training_reader;
ALTER VIEW training_api.my_registration OWNER TO training_reader;
ALTER VIEW training_api.attendance OWNER TO training_statistics;
ALTER FUNCTION training_api.register(integer) OWNER TO training_writer;
ALTER FUNCTION training_api.withdraw(integer) OWNER TO training_writer;
GRANT SELECT ON training_api.course, training_api.my_registration, training_api.attendance TO training_broker;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA training_api FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA training_api TO training_broker;
