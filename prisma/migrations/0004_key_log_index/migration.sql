-- AlterTable
ALTER TABLE "signing_key" ADD COLUMN     "enrolled_index" BIGINT;

-- Until now a key entered the log right before the first act that was published with it.
UPDATE "signing_key" k SET "enrolled_index" = (
  SELECT min(p.log_index) - 1 FROM act_publication p JOIN act_evidence e ON e.act_id = p.act_id WHERE e.signing_key_id = k.id
);
