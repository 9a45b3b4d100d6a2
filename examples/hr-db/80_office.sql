-- The office directory: nothing personal, the same for everybody.
CREATE SCHEMA IF NOT EXISTS office AUTHORIZATION office_owner;
CREATE SCHEMA IF NOT EXISTS office_api AUTHORIZATION office_owner;

CREATE TABLE IF NOT EXISTS office.holiday (day date PRIMARY KEY, name text NOT NULL);
CREATE TABLE IF NOT EXISTS office.room (
    office    text NOT NULL,
    room      text NOT NULL,
    seats     integer NOT NULL CHECK (seats > 0),
    equipment text NOT NULL,
    PRIMARY KEY (office, room)
);
CREATE TABLE IF NOT EXISTS office.defect (
    defect_id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office      text NOT NULL,
    place       text NOT NULL,
    description text NOT NULL,
    reported_on date NOT NULL DEFAULT CURRENT_DATE,
    fixed_on    date
);
ALTER TABLE office.holiday OWNER TO office_owner;
ALTER TABLE office.room OWNER TO office_owner;
ALTER TABLE office.defect OWNER TO office_owner;

INSERT INTO office.holiday
SELECT make_date(year, month, day), name
FROM generate_series(extract(year FROM CURRENT_DATE)::integer - 1, extract(year FROM CURRENT_DATE)::integer + 2) AS year
CROSS JOIN (VALUES (1, 1, 'New Year'), (5, 1, 'Labour Day'), (12, 24, 'Christmas Eve'),
                   (12, 25, 'Christmas Day'), (12, 26, 'Boxing Day'), (12, 31, 'New Year''s Eve')) AS h (month, day, name)
ON CONFLICT DO NOTHING;

INSERT INTO office.room
SELECT office, room, 4 + 2 * (length(office || room) % 7), (ARRAY['screen', 'whiteboard', 'video'])[1 + length(room) % 3]
FROM unnest(ARRAY['Berlin', 'Lisbon', 'Vienna']) AS office,
     unnest(ARRAY['Alder', 'Birch', 'Cedar', 'Elm', 'Hazel', 'Linden', 'Maple', 'Willow']) AS room
ON CONFLICT DO NOTHING;

INSERT INTO office.defect (office, place, description, reported_on)
SELECT * FROM (VALUES ('Berlin', 'Kitchen, 2nd floor', 'The coffee machine leaks', DATE '2026-01-12'),
                      ('Vienna', 'Room Birch', 'The screen flickers', DATE '2026-02-03')) AS first_ones
WHERE NOT EXISTS (SELECT FROM office.defect);

CREATE OR REPLACE VIEW office_api.holiday WITH (security_barrier) AS SELECT day, name FROM office.holiday;
CREATE OR REPLACE VIEW office_api.room WITH (security_barrier) AS SELECT office, room, seats, equipment FROM office.room;
CREATE OR REPLACE VIEW office_api.open_defect WITH (security_barrier) AS
SELECT defect_id, office, place, description, reported_on FROM office.defect WHERE fixed_on IS NULL;

CREATE OR REPLACE FUNCTION office_api.report_defect(in_office text, at_place text, what text)
    RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    INSERT INTO office.defect (office, place, description) VALUES (in_office, at_place, what);
    RETURN 1;
END
$$;

GRANT USAGE ON SCHEMA office TO office_writer;
GRANT SELECT ON office.holiday, office.room, office.defect TO office_writer;
GRANT INSERT (office, place, description) ON office.defect TO office_writer;
ALTER VIEW office_api.holiday OWNER TO office_writer;
ALTER VIEW office_api.room OWNER TO office_writer;
ALTER VIEW office_api.open_defect OWNER TO office_writer;
ALTER FUNCTION office_api.report_defect(text, text, text) OWNER TO office_writer;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA office_api FROM PUBLIC;
GRANT USAGE ON SCHEMA office_api TO office_broker, office_writer;
GRANT SELECT ON office_api.holiday, office_api.room, office_api.open_defect TO office_broker;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA office_api TO office_broker;
