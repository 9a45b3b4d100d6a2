-- What the broker may change: three functions with the rights of hr_writer, which row-level
-- security binds like everybody else. Each returns how many rows it changed. Refusals carry a
-- code of their own (AG…) whose text for people stands in the connector file.
SET ROLE hr_owner;
GRANT SELECT (employee_id, manager_id) ON hr.employee TO hr_writer;
GRANT SELECT ON hr.leave_entitlement TO hr_writer;
GRANT SELECT (request_id, employee_id, leave_type, starts_on, ends_on, days, status) ON hr.leave_request TO hr_writer;
GRANT INSERT (employee_id, leave_type, starts_on, ends_on, days, status, reason, requested_via) ON hr.leave_request TO hr_writer;
GRANT UPDATE (status, decided_by) ON hr.leave_request TO hr_writer;
RESET ROLE;

CREATE OR REPLACE FUNCTION hr_api.request_leave(kind text, first_day date, last_day date, why text)
    RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    me integer := hr.me();
    working_days integer;
    days_left numeric;
BEGIN
    IF me IS NULL THEN RAISE EXCEPTION USING ERRCODE = 'AG001'; END IF;
    IF last_day < first_day THEN RAISE EXCEPTION USING ERRCODE = 'AG002'; END IF;
    IF first_day < CURRENT_DATE - 30 OR last_day > CURRENT_DATE + INTERVAL '18 months' THEN
        RAISE EXCEPTION USING ERRCODE = 'AG006';
    END IF;
    -- One request of a person at a time, or two could each take the last day.
    PERFORM pg_advisory_xact_lock(hashtext('hr.leave_request'), me);
    IF EXISTS (SELECT FROM hr.leave_request
               WHERE employee_id = me AND status IN ('requested', 'approved')
                 AND starts_on <= last_day AND ends_on >= first_day) THEN
        RAISE EXCEPTION USING ERRCODE = 'AG003';
    END IF;
    SELECT count(*) INTO working_days FROM generate_series(first_day, last_day, INTERVAL '1 day') AS day
    WHERE extract(isodow FROM day) < 6;
    IF working_days = 0 THEN RAISE EXCEPTION USING ERRCODE = 'AG005'; END IF;
    IF kind <> 'unpaid' THEN
        SELECT coalesce(sum(days), 0) INTO days_left FROM hr.leave_entitlement
        WHERE employee_id = me AND leave_type = kind AND year = extract(year FROM first_day)::integer;
        SELECT days_left - coalesce(sum(days), 0) INTO days_left FROM hr.leave_request
        WHERE employee_id = me AND leave_type = kind AND status IN ('requested', 'approved')
          AND extract(year FROM starts_on) = extract(year FROM first_day);
        IF days_left < working_days THEN RAISE EXCEPTION USING ERRCODE = 'AG004'; END IF;
    END IF;
    INSERT INTO hr.leave_request (employee_id, leave_type, starts_on, ends_on, days, status, reason, requested_via)
    VALUES (me, kind, first_day, last_day, working_days, 'requested', coalesce(why, ''),
            coalesce(current_setting('appguard.app_id', true), ''));
    RETURN 1;
END
$$;

CREATE OR REPLACE FUNCTION hr_api.cancel_leave(request uuid)
    RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    changed integer;
BEGIN
    UPDATE hr.leave_request SET status = 'cancelled'
    WHERE request_id = request AND employee_id = hr.me() AND status = 'requested';
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;

CREATE OR REPLACE FUNCTION hr_api.decide_leave(request uuid, decision text)
    RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    changed integer;
BEGIN
    UPDATE hr.leave_request SET status = decision, decided_by = hr.me()
    WHERE request_id = request AND employee_id IN (SELECT hr.my_reports()) AND status = 'requested';
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;

ALTER FUNCTION hr_api.request_leave(text, date, date, text) OWNER TO hr_writer;
ALTER FUNCTION hr_api.cancel_leave(uuid) OWNER TO hr_writer;
ALTER FUNCTION hr_api.decide_leave(uuid, text) OWNER TO hr_writer;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA hr_api FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA hr_api TO hr_broker;
