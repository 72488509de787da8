-- AlterTable
ALTER TABLE "signature" ADD COLUMN     "reaffirmed_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "reaffirm_reminder" (
    "signature_id" UUID NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reaffirm_reminder_pkey" PRIMARY KEY ("signature_id")
);
