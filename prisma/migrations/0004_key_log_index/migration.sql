-- CreateTable
CREATE TABLE "key_enrolment" (
    "signing_key_id" UUID NOT NULL,
    "log_index" BIGINT NOT NULL,

    CONSTRAINT "key_enrolment_pkey" PRIMARY KEY ("signing_key_id")
);

-- Until now a key entered the log right before the first act that was published with it.
INSERT INTO "key_enrolment" ("signing_key_id", "log_index")
SELECT e.signing_key_id, min(p.log_index) - 1 FROM act_publication p JOIN act_evidence e ON e.act_id = p.act_id
WHERE e.signing_key_id IS NOT NULL AND p.log_index IS NOT NULL GROUP BY e.signing_key_id;

CREATE TRIGGER key_enrolment_append_only BEFORE UPDATE OR DELETE ON key_enrolment FOR EACH ROW EXECUTE FUNCTION refuse_change();
