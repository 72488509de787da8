-- AlterTable
ALTER TABLE "organization" ADD COLUMN     "succeeded_at" TIMESTAMPTZ(3),
ADD COLUMN     "succeeded_by_id" UUID;

-- AlterTable
ALTER TABLE "signature" ADD COLUMN     "succeeded_by" UUID;

-- CreateTable
CREATE TABLE "correction" (
    "id" UUID NOT NULL,
    "charter_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'PROPOSED',
    "canonical" BYTEA NOT NULL,
    "sha256" BYTEA NOT NULL,
    "clause_hashes" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "propose_act_id" UUID NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "objects_until" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "correction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "redaction" (
    "id" UUID NOT NULL,
    "charter_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "clause_id" TEXT NOT NULL,
    "sha256" BYTEA NOT NULL,
    "reason" TEXT NOT NULL,
    "log_index" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "redaction_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "correction_propose_act_id_key" ON "correction"("propose_act_id");

-- CreateIndex
CREATE INDEX "correction_charter_id_idx" ON "correction"("charter_id");

-- CreateIndex
CREATE INDEX "correction_version_id_idx" ON "correction"("version_id");

-- CreateIndex
CREATE INDEX "redaction_charter_id_idx" ON "redaction"("charter_id");

-- CreateIndex
CREATE UNIQUE INDEX "redaction_version_id_clause_id_key" ON "redaction"("version_id", "clause_id");

-- CreateIndex
CREATE INDEX "organization_succeeded_by_id_idx" ON "organization"("succeeded_by_id");

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
