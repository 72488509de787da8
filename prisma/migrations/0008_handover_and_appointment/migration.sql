-- CreateTable
CREATE TABLE "admin_appointment" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "evidence" TEXT NOT NULL,
    "appointed_by" UUID NOT NULL,
    "appointed_at" TIMESTAMPTZ(3) NOT NULL,
    "takes_effect_at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" TEXT,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "admin_appointment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "convenor_handover" (
    "id" UUID NOT NULL,
    "charter_id" UUID NOT NULL,
    "from_organization_id" UUID NOT NULL,
    "to_organization_id" UUID NOT NULL,
    "with_record" BOOLEAN NOT NULL,
    "by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "offered_by" UUID NOT NULL,
    "offered_at" TIMESTAMPTZ(3) NOT NULL,
    "answer" TEXT,
    "answered_by" UUID,
    "answered_at" TIMESTAMPTZ(3),

    CONSTRAINT "convenor_handover_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "admin_appointment_organization_id_idx" ON "admin_appointment"("organization_id");

-- CreateIndex
CREATE INDEX "convenor_handover_charter_id_idx" ON "convenor_handover"("charter_id");

-- One offer of a charter's convening, and one coming admin of an organization, wait for an answer at a time. An answer is never taken back.
CREATE UNIQUE INDEX convenor_handover_one_open ON convenor_handover (charter_id) WHERE answer IS NULL;
CREATE UNIQUE INDEX admin_appointment_one_open ON admin_appointment (organization_id) WHERE outcome IS NULL;
CREATE FUNCTION refuse_second_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(OLD) ->> TG_ARGV[0] IS NOT NULL
     AND (to_jsonb(OLD) ->> TG_ARGV[0]) IS DISTINCT FROM (to_jsonb(NEW) ->> TG_ARGV[0]) THEN
    RAISE EXCEPTION '% is answered once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER convenor_handover_answered_once BEFORE UPDATE ON convenor_handover
  FOR EACH ROW EXECUTE FUNCTION refuse_second_answer('answer');
CREATE TRIGGER admin_appointment_answered_once BEFORE UPDATE ON admin_appointment
  FOR EACH ROW EXECUTE FUNCTION refuse_second_answer('outcome');
