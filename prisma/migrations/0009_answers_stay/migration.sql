-- What an offer and an appointment say never changes, nor does their answer; evidence is emptied when the person it is about is erased.
CREATE OR REPLACE FUNCTION refuse_second_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- The first argument names the answer; that and the others come once, together.
  IF (to_jsonb(OLD) - 'evidence' - CASE WHEN to_jsonb(OLD) ->> TG_ARGV[0] IS NULL THEN TG_ARGV ELSE '{}' END)
     IS DISTINCT FROM
     (to_jsonb(NEW) - 'evidence' - CASE WHEN to_jsonb(OLD) ->> TG_ARGV[0] IS NULL THEN TG_ARGV ELSE '{}' END)
     OR (to_jsonb(NEW) ->> 'evidence') NOT IN (to_jsonb(OLD) ->> 'evidence', '') THEN
    RAISE EXCEPTION '% is answered once, and what it says stays', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER convenor_handover_answered_once ON convenor_handover;
CREATE TRIGGER convenor_handover_answered_once BEFORE UPDATE ON convenor_handover
  FOR EACH ROW EXECUTE FUNCTION refuse_second_answer('answer', 'answered_by', 'answered_at');
DROP TRIGGER admin_appointment_answered_once ON admin_appointment;
CREATE TRIGGER admin_appointment_answered_once BEFORE UPDATE ON admin_appointment
  FOR EACH ROW EXECUTE FUNCTION refuse_second_answer('outcome', 'decided_by', 'decided_at');

-- Answers are of the kinds that are read, and dated; nobody hands over to itself; an admin is never there at once.
ALTER TABLE convenor_handover ADD CONSTRAINT convenor_handover_answers CHECK (
  "by" IN ('convenor', 'operator')
  AND (answer IS NULL OR answer IN ('accepted', 'declined', 'taken-back'))
  AND (answer IS NULL) = (answered_at IS NULL)
  AND from_organization_id <> to_organization_id);
ALTER TABLE admin_appointment ADD CONSTRAINT admin_appointment_outcomes CHECK (
  (outcome IS NULL OR outcome IN ('done', 'stopped', 'lapsed'))
  AND (outcome IS NULL) = (decided_at IS NULL)
  AND takes_effect_at > appointed_at);
