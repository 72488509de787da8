-- AlterTable
ALTER TABLE "evidence_review" ADD COLUMN     "wanted" JSONB;
