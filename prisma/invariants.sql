-- What the database keeps by itself, whoever writes. Appended to the first migration by `npm run db:init-migration`.

-- One active signature per organization and version.
CREATE UNIQUE INDEX signature_one_active ON signature (version_id, organization_id)
  WHERE status IN ('SEALED', 'LODGED', 'EFFECTIVE', 'WITHDRAWING', 'DISPUTED');

-- One live candidate or adopted version in preparation per charter; one open draft round per charter.
CREATE UNIQUE INDEX charter_version_one_candidate ON charter_version (charter_id)
  WHERE state = 'CANDIDATE';
CREATE UNIQUE INDEX charter_version_number ON charter_version (charter_id, number)
  WHERE state NOT IN ('CANDIDATE', 'WITHDRAWN_TEXT');
CREATE UNIQUE INDEX draft_round_one_open ON draft_round (charter_id)
  WHERE state IN ('DRAFTING', 'REVIEW', 'FINAL_CALL');

-- One live membership per person and organization; one live owner per confirmed domain.
CREATE UNIQUE INDEX membership_one_live ON membership (organization_id, user_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX domain_claim_one_owner ON domain_claim (domain) WHERE confirmed_at IS NOT NULL AND released_at IS NULL;

-- One unanswered invitation to sign per address and version.
CREATE UNIQUE INDEX signing_invitation_one_live ON signing_invitation (version_id, email)
  WHERE state IN ('SENT', 'OPENED', 'IN_REVIEW', 'NOT_NOW');

-- Acts, their publications, their evidence and the log are append-only, for every role.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Emptying the demo world is the one exception, and only where the database is marked as demo.
  IF TG_OP = 'DELETE' AND current_setting('concordat.empty_demo', true) = 'on'
     AND EXISTS (SELECT 1 FROM setting WHERE key = 'demo' AND value = 'true') THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is append-only: rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER act_append_only BEFORE UPDATE OR DELETE ON act FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER act_publication_append_only BEFORE UPDATE OR DELETE ON act_publication FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER act_evidence_append_only BEFORE UPDATE OR DELETE ON act_evidence FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER countersignature_append_only BEFORE UPDATE OR DELETE ON countersignature FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_entry_append_only BEFORE UPDATE OR DELETE ON log_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER key_binding_append_only BEFORE UPDATE OR DELETE ON key_binding FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER key_enrolment_append_only BEFORE UPDATE OR DELETE ON key_enrolment FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER evidence_rule_append_only BEFORE UPDATE OR DELETE ON evidence_rule FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER room_update_append_only BEFORE UPDATE OR DELETE ON room_update FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- TRUNCATE passes by the triggers of rows; no setting opens it. The demo world goes with its whole schema.
CREATE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: it is never emptied', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER act_not_emptied BEFORE TRUNCATE ON act FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
CREATE TRIGGER act_publication_not_emptied BEFORE TRUNCATE ON act_publication FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
CREATE TRIGGER act_evidence_not_emptied BEFORE TRUNCATE ON act_evidence FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
CREATE TRIGGER countersignature_not_emptied BEFORE TRUNCATE ON countersignature FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
CREATE TRIGGER log_entry_not_emptied BEFORE TRUNCATE ON log_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
CREATE TRIGGER room_update_not_emptied BEFORE TRUNCATE ON room_update FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

-- The bytes of a version and what they were made from never change; only its state and dates move.
CREATE FUNCTION refuse_text_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.canonical, OLD.sha256, OLD.clause_hashes, OLD.charter_id, OLD.number, OLD.room_seq, OLD.frozen_at)
     IS DISTINCT FROM (NEW.canonical, NEW.sha256, NEW.clause_hashes, NEW.charter_id, NEW.number, NEW.room_seq, NEW.frozen_at) THEN
    RAISE EXCEPTION 'the text of a frozen version never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER charter_version_text BEFORE UPDATE ON charter_version FOR EACH ROW EXECUTE FUNCTION refuse_text_change();

-- Visibility only grows: PRIVATE, EMBARGOED, PUBLIC. A cancelled launch that never became public may go back to private.
CREATE FUNCTION refuse_unpublish() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.visibility = 'PUBLIC' AND NEW.visibility <> 'PUBLIC' THEN
    RAISE EXCEPTION 'what was public stays public' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER charter_visibility BEFORE UPDATE ON charter FOR EACH ROW EXECUTE FUNCTION refuse_unpublish();

-- The policy of a charter is fixed once and never changes afterwards; nobody can unfix it.
CREATE FUNCTION refuse_policy_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.policy_fixed_at IS NOT NULL
     AND (OLD.policy, OLD.policy_fixed_at) IS DISTINCT FROM (NEW.policy, NEW.policy_fixed_at) THEN
    RAISE EXCEPTION 'the policy of a charter never changes once drafting is open' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER charter_policy BEFORE UPDATE ON charter FOR EACH ROW EXECUTE FUNCTION refuse_policy_change();

-- The entry of a log is appended at the end, and nowhere else.
INSERT INTO log_head (id, size) VALUES (1, 0);
ALTER TABLE log_head ADD CONSTRAINT log_head_one_row CHECK (id = 1);

-- One proposed correction of a version at a time; its text never changes, and a decision is never taken back.
CREATE UNIQUE INDEX correction_one_proposed ON correction (version_id) WHERE state = 'PROPOSED';
CREATE FUNCTION refuse_correction_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'PROPOSED'
     OR (OLD.id, OLD.charter_id, OLD.version_id, OLD.canonical, OLD.sha256, OLD.clause_hashes, OLD.reason, OLD.propose_act_id,
         OLD.proposed_at, OLD.objects_until)
        IS DISTINCT FROM
        (NEW.id, NEW.charter_id, NEW.version_id, NEW.canonical, NEW.sha256, NEW.clause_hashes, NEW.reason, NEW.propose_act_id,
         NEW.proposed_at, NEW.objects_until) THEN
    RAISE EXCEPTION 'a correction is decided once, and its text never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER correction_text BEFORE UPDATE ON correction FOR EACH ROW EXECUTE FUNCTION refuse_correction_change();

-- What was withheld is on record for ever.
CREATE TRIGGER redaction_append_only BEFORE UPDATE OR DELETE ON redaction FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER redaction_not_emptied BEFORE TRUNCATE ON redaction FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

-- One offer of a charter's convening, and one coming admin of an organization, wait for an answer at a time.
CREATE UNIQUE INDEX convenor_handover_one_open ON convenor_handover (charter_id) WHERE answer IS NULL;
CREATE UNIQUE INDEX admin_appointment_one_open ON admin_appointment (organization_id) WHERE outcome IS NULL;

-- What an offer and an appointment say never changes, nor does their answer; evidence is emptied when the person it is about is erased.
CREATE FUNCTION refuse_second_answer() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER convenor_handover_answered_once BEFORE UPDATE ON convenor_handover
  FOR EACH ROW EXECUTE FUNCTION refuse_second_answer('answer', 'answered_by', 'answered_at');
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

-- Who writes a revision says of which room it is. Rows from before this was kept may not say it, so they are not looked at.
ALTER TABLE clause_revision ADD CONSTRAINT clause_revision_of_a_room CHECK (room_id IS NOT NULL) NOT VALID;
