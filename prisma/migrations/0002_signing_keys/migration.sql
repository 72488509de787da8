-- AlterTable
ALTER TABLE "domain_claim" ADD COLUMN     "found_by" TEXT NOT NULL DEFAULT 'dns';

-- AlterTable
ALTER TABLE "signing_key" ADD COLUMN     "binding_checked_at" TIMESTAMPTZ(3),
ADD COLUMN     "binding_good_at" TIMESTAMPTZ(3),
ADD COLUMN     "binding_problem" TEXT,
ADD COLUMN     "bound_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "key_binding" (
    "id" UUID NOT NULL,
    "signing_key_id" UUID NOT NULL,
    "bound_by" TEXT NOT NULL,
    "approved_by" BYTEA,
    "evidence" TEXT,
    "evidence_sha256" BYTEA,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "key_binding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "key_statement" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "signing_key_id" UUID,
    "spki" BYTEA,
    "label" TEXT NOT NULL DEFAULT '',
    "statement" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "key_statement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evidence_rule" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "rule" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "approved_by" BYTEA,
    "statement" TEXT,
    "evidence" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "evidence_rule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "instrument" (
    "id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "uploaded_by" UUID NOT NULL,
    "uploaded_at" TIMESTAMPTZ(3) NOT NULL,
    "media_type" TEXT NOT NULL,
    "sha256" BYTEA NOT NULL,
    "bytes" BYTEA NOT NULL,
    "act_id" UUID,

    CONSTRAINT "instrument_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "key_binding_signing_key_id_idx" ON "key_binding"("signing_key_id");

-- CreateIndex
CREATE INDEX "key_binding_evidence_sha256_idx" ON "key_binding"("evidence_sha256");

-- CreateIndex
CREATE INDEX "key_statement_organization_id_idx" ON "key_statement"("organization_id");

-- CreateIndex
CREATE INDEX "evidence_rule_organization_id_at_idx" ON "evidence_rule"("organization_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "instrument_act_id_key" ON "instrument"("act_id");

-- CreateIndex
CREATE INDEX "instrument_uploaded_at_idx" ON "instrument"("uploaded_at");

-- AddForeignKey
ALTER TABLE "key_binding" ADD CONSTRAINT "key_binding_signing_key_id_fkey" FOREIGN KEY ("signing_key_id") REFERENCES "signing_key"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Keys from before were bound by the operator's word when they were enrolled.
UPDATE "signing_key" SET "bound_at" = "enrolled_at";

-- Who vouched for a key, and which evidence an organization lets count, is never rewritten.
CREATE TRIGGER key_binding_append_only BEFORE UPDATE OR DELETE ON key_binding FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER evidence_rule_append_only BEFORE UPDATE OR DELETE ON evidence_rule FOR EACH ROW EXECUTE FUNCTION refuse_change();
