-- AlterTable
ALTER TABLE "session" ADD COLUMN     "handed_from_id" UUID;

-- AlterTable
ALTER TABLE "signing_key" ADD COLUMN     "signs_from" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "session_handed_from_id_idx" ON "session"("handed_from_id");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_handed_from_id_fkey" FOREIGN KEY ("handed_from_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;
