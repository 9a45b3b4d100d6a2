-- Who sees which registration: one's own; counts see course and person of each, and show neither.
SET ROLE training_owner;
ALTER TABLE training.registration ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own ON training.registration;
DROP POLICY IF EXISTS counting ON training.registration;
DROP POLICY IF EXISTS register_oneself ON training.registration;
DROP POLICY IF EXISTS withdraw_oneself ON training.registration;
CREATE POLICY own ON training.registration FOR SELECT TO training_reader, training_writer
    USING (employee_email = lower(current_setting('appguard.user_email', true)));
CREATE POLICY counting ON training.registration FOR SELECT TO training_statistics USING (true);
CREATE POLICY register_oneself ON training.registration FOR INSERT TO training_writer
    WITH CHECK (employee_email = lower(current_setting('appguard.user_email', true)));
CREATE POLICY withdraw_oneself ON training.registration FOR DELETE TO training_writer
    USING (employee_email = lower(current_setting('appguard.user_email', true)) AND passed IS NULL);

GRANT USAGE ON SCHEMA training TO training_reader, training_writer, training_statistics;
GRANT SELECT ON training.course TO training_reader, training_writer, training_statistics;
GRANT SELECT ON training.registration TO training_reader;
GRANT SELECT (course_id, employee_email) ON training.registration TO training_statistics;
GRANT SELECT (course_id, employee_email, passed), INSERT (course_id, employee_email), DELETE
    ON training.registration TO training_writer;
RESET ROLE;
