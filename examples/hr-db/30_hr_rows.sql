-- A company of 120, the same on every run: names, birth dates, bank accounts and health notes
-- are made up, and the account numbers have an impossible check number.
-- The six people of the story come first; ana reports to mia.
CREATE FUNCTION pg_temp.pick(seed text, choices integer) RETURNS integer LANGUAGE sql IMMUTABLE AS
$$ SELECT ('x' || substr(md5(seed), 1, 7))::bit(28)::integer % choices $$;

CREATE FUNCTION pg_temp.one_of(seed text, words text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT words[1 + pg_temp.pick(seed, cardinality(words))] $$;

INSERT INTO hr.department VALUES
    (1, 'Management'), (2, 'People'), (3, 'Finance'), (4, 'Sales'), (5, 'Operations'), (6, 'Engineering')
ON CONFLICT DO NOTHING;

WITH person (employee_id, email, full_name, job_title, department_id, manager_id) AS (
    VALUES (1, 'ceo@example.com', 'Carmen Ortega', 'Managing director', 1, NULL),
           (2, 'mia@example.com', 'Mia Moser', 'Head of People', 2, 1),
           (3, 'ana@example.com', 'Ana Alvarez', 'HR analyst', 2, 2),
           (4, 'rob@example.com', 'Rob Reyes', 'Head of Operations', 5, 1),
           (5, 'sam@example.com', 'Sam Sato', 'Security officer', 5, 4),
           (6, 'ada@example.com', 'Ada Abel', 'Internal auditor', 1, 1),
           (7, 'pat@example.com', 'Pat Park', 'Platform engineer', 6, 8),
           (8, 'head.engineering@example.com', 'Ivo Brandt', 'Head of Engineering', 6, 1),
           (9, 'head.finance@example.com', 'Leila Rossi', 'Head of Finance', 3, 1),
           (10, 'head.sales@example.com', 'Tomas Silva', 'Head of Sales', 4, 1)
), made_up AS (
    SELECT n AS employee_id,
           pg_temp.one_of('first' || n, '{Nora,Jonas,Aylin,Marek,Chloe,Diego,Hana,Piotr,Zoe,Emil,Ines,Omar,Freya,Luca,Sofia,Karim}') AS first_name,
           pg_temp.one_of('last' || n, '{Schmidt,Novak,Costa,Larsen,Dubois,Yilmaz,Petrov,Murphy,Santos,Weber,Ricci,Jansen,Berg,Fischer,Popa,Varga}') AS last_name,
           2 + pg_temp.pick('department' || n, 5) AS department_id
    FROM generate_series(11, 120) AS n
)
INSERT INTO hr.employee
SELECT p.employee_id, p.email, p.full_name,
       DATE '1960-01-01' + pg_temp.pick('born' || p.employee_id, 15000),
       'DE00' || lpad((37040044 + pg_temp.pick('bank' || p.employee_id, 9999))::text, 8, '0')
              || lpad(pg_temp.pick('account' || p.employee_id, 100000000)::text, 10, '0'),
       p.job_title,
       DATE '2012-01-01' + pg_temp.pick('hired' || p.employee_id, 4700),
       p.department_id, p.manager_id
FROM (
    SELECT * FROM person
    UNION ALL
    SELECT employee_id,
           lower(first_name || '.' || last_name || '.' || employee_id || '@example.com'),
           first_name || ' ' || last_name,
           pg_temp.one_of('job' || employee_id, '{Analyst,Accountant,Engineer,Consultant,Coordinator,Specialist}'),
           department_id,
           (ARRAY[NULL, 2, 9, 10, 4, 8])[department_id]
    FROM made_up
) AS p
ORDER BY p.employee_id
ON CONFLICT DO NOTHING;

INSERT INTO hr.leave_entitlement
SELECT e.employee_id, y.year, t.leave_type, t.days
FROM hr.employee AS e
CROSS JOIN generate_series(extract(year FROM CURRENT_DATE)::integer - 1,
                           extract(year FROM CURRENT_DATE)::integer + 2) AS y (year)
CROSS JOIN (VALUES ('annual', 30.0), ('special', 3.0)) AS t (leave_type, days)
ON CONFLICT DO NOTHING;

-- Four requests each over the last and the next ten months; the people of the story have two, both past.
INSERT INTO hr.leave_request
SELECT md5('leave' || made.who)::uuid, made.employee_id, made.leave_type,
       made.starts_on, made.starts_on + made.length,
       (SELECT count(*) FROM generate_series(made.starts_on, made.starts_on + made.length, '1 day') AS d
        WHERE extract(isodow FROM d) < 6),
       made.status,
       CASE WHEN made.leave_type = 'sick' THEN ''
            ELSE pg_temp.one_of('reason' || made.who, '{Family visit,Hiking,Moving house,Wedding,Summer holiday,Long weekend}') END,
       CASE WHEN made.leave_type = 'sick'
            THEN pg_temp.one_of('note' || made.who, '{Influenza,Migraine,Knee surgery,Back pain,Depression,Pregnancy complication}') END,
       made.starts_on - 20, 'hr',
       CASE WHEN made.status IN ('approved', 'rejected') THEN made.manager_id END
FROM (
    SELECT raw.employee_id, raw.manager_id, raw.who, raw.leave_type,
           -- the Monday of that week, so that every request holds a working day
           raw.day - (extract(isodow FROM raw.day)::integer - 1) AS starts_on,
           CASE raw.leave_type WHEN 'special' THEN 0 ELSE raw.length END AS length,
           CASE WHEN raw.leave_type = 'sick' THEN 'approved'
                WHEN raw.status = 'requested' AND raw.day < CURRENT_DATE + 7 THEN 'approved'
                ELSE raw.status END AS status
    FROM (
        SELECT e.employee_id, e.manager_id, n.who,
               CURRENT_DATE - 300 + k * 150 + pg_temp.pick('start' || n.who, 90) AS day,
               pg_temp.pick('length' || n.who, 10) AS length,
               pg_temp.one_of('type' || n.who, '{annual,annual,annual,special,unpaid,sick}') AS leave_type,
               pg_temp.one_of('status' || n.who, '{approved,approved,approved,rejected,cancelled,requested}') AS status
        FROM hr.employee AS e
        CROSS JOIN generate_series(0, 3) AS k
        CROSS JOIN LATERAL (SELECT e.employee_id || '-' || k AS who) AS n
        WHERE e.employee_id > 10 OR k < 2
    ) AS raw
) AS made
ON CONFLICT DO NOTHING;

DROP FUNCTION pg_temp.one_of(text, text[]);
DROP FUNCTION pg_temp.pick(text, integer);
