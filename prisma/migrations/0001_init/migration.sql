-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "user" (
    "id" UUID NOT NULL,
    "name" TEXT,
    "email" TEXT NOT NULL,
    "email_verified" TIMESTAMPTZ(3),
    "image" TEXT,
    "is_operator" BOOLEAN NOT NULL DEFAULT false,
    "current_organization_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_account_id" TEXT NOT NULL,
    "refresh_token" TEXT,
    "access_token" TEXT,
    "expires_at" INTEGER,
    "token_type" TEXT,
    "scope" TEXT,
    "id_token" TEXT,
    "session_state" TEXT,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "session_token" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "expires" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "user_agent" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification_token" (
    "identifier" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expires" TIMESTAMPTZ(3) NOT NULL
);

-- CreateTable
CREATE TABLE "sign_in_challenge" (
    "id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "token_hmac" BYTEA NOT NULL,
    "code_hmac" BYTEA NOT NULL,
    "browser_hmac" BYTEA NOT NULL,
    "subject" TEXT,
    "callback_path" TEXT NOT NULL DEFAULT '/',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "sign_in_challenge_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organization" (
    "id" UUID NOT NULL,
    "slug" TEXT,
    "legal_name" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "name_skeleton" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "class" TEXT NOT NULL,
    "sector" TEXT NOT NULL,
    "website" TEXT,
    "registry_note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" UUID,
    "suspended_at" TIMESTAMPTZ(3),
    "is_demo" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organization_name" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "legal_name" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "to" TIMESTAMPTZ(3),

    CONSTRAINT "organization_name_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "domain_claim" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "domain" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "confirmed_at" TIMESTAMPTZ(3),
    "last_checked_at" TIMESTAMPTZ(3),
    "last_good_at" TIMESTAMPTZ(3),
    "last_problem" TEXT,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "domain_claim_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evidence_review" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "evidence" TEXT NOT NULL,
    "requested_by" UUID,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "outcome" TEXT,
    "outcome_reason" TEXT,
    "reviewed_by" UUID,
    "reviewed_at" TIMESTAMPTZ(3),

    CONSTRAINT "evidence_review_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "roles" TEXT[],
    "title" TEXT,
    "from" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership_invitation" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "roles" TEXT[],
    "kind" TEXT NOT NULL DEFAULT 'invitation',
    "requested_by" UUID,
    "invited_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "answered_at" TIMESTAMPTZ(3),
    "answer" TEXT,

    CONSTRAINT "membership_invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "signing_mandate" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "granted_by" UUID NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "to" TIMESTAMPTZ(3),
    "evidence_note" TEXT NOT NULL DEFAULT '',
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "signing_mandate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "signing_key" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "user_id" UUID,
    "kind" TEXT NOT NULL,
    "algorithm" INTEGER NOT NULL,
    "spki" BYTEA NOT NULL,
    "spki_sha256" BYTEA NOT NULL,
    "credential_id" TEXT,
    "transports" TEXT[],
    "rp_id" TEXT,
    "origin" TEXT,
    "label" TEXT NOT NULL DEFAULT '',
    "bound_by" TEXT NOT NULL DEFAULT 'operator',
    "enrolled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "signing_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webauthn_challenge" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "challenge" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "webauthn_challenge_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "charter" (
    "id" UUID NOT NULL,
    "slug" TEXT,
    "title" TEXT NOT NULL,
    "purpose" TEXT NOT NULL DEFAULT '',
    "display_type" TEXT NOT NULL DEFAULT 'Charter',
    "template" TEXT NOT NULL,
    "language" TEXT NOT NULL DEFAULT 'en',
    "policy" JSONB NOT NULL,
    "policy_fixed_at" TIMESTAMPTZ(3),
    "visibility" TEXT NOT NULL DEFAULT 'PRIVATE',
    "convenor_organization_id" UUID NOT NULL,
    "depositary_organization_id" UUID NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),
    "is_demo" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "charter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "participant" (
    "id" UUID NOT NULL,
    "charter_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "is_editor" BOOLEAN NOT NULL DEFAULT true,
    "joined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "left_at" TIMESTAMPTZ(3),

    CONSTRAINT "participant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "charter_invitation" (
    "id" UUID NOT NULL,
    "charter_id" UUID NOT NULL,
    "organization_id" UUID,
    "legal_name" TEXT NOT NULL,
    "domain" TEXT,
    "email" TEXT NOT NULL,
    "is_editor" BOOLEAN NOT NULL DEFAULT true,
    "message" TEXT NOT NULL DEFAULT '',
    "invited_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "answer" TEXT,
    "answered_at" TIMESTAMPTZ(3),
    "answered_by" UUID,

    CONSTRAINT "charter_invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy_acknowledgement" (
    "charter_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "policy_sha256" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_acknowledgement_pkey" PRIMARY KEY ("charter_id","user_id")
);

-- CreateTable
CREATE TABLE "draft_round" (
    "id" UUID NOT NULL,
    "charter_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "deadline" TIMESTAMPTZ(3),
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),
    "closed_reason" TEXT,
    "closed_by" UUID,

    CONSTRAINT "draft_round_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "room" (
    "id" UUID NOT NULL,
    "charter_id" UUID NOT NULL,
    "draft_round_id" UUID NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "last_seq" BIGINT NOT NULL DEFAULT 0,
    "last_chain" BYTEA,
    "closed_at" TIMESTAMPTZ(3),
    "closed_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "room_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "room_update" (
    "room_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "user_id" UUID,
    "organization_id" UUID,
    "via" TEXT NOT NULL,
    "payload" BYTEA NOT NULL,
    "sha256" BYTEA NOT NULL,
    "chain" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "room_update_pkey" PRIMARY KEY ("room_id","seq")
);

-- CreateTable
CREATE TABLE "room_snapshot" (
    "room_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "state" BYTEA NOT NULL,
    "sha256" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "room_snapshot_pkey" PRIMARY KEY ("room_id","seq")
);

-- CreateTable
CREATE TABLE "client_lease" (
    "room_id" UUID NOT NULL,
    "client_id" BIGINT NOT NULL,
    "user_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "client_lease_pkey" PRIMARY KEY ("room_id","client_id")
);

-- CreateTable
CREATE TABLE "clause_revision" (
    "id" UUID NOT NULL,
    "charter_id" UUID NOT NULL,
    "draft_round_id" UUID NOT NULL,
    "clause_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "room_seq" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "clause_kind" TEXT NOT NULL,
    "level" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "clause_number" TEXT NOT NULL,
    "heading" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "authors" JSONB NOT NULL,
    "word_authors" JSONB,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "clause_revision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "private_draft" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "charter_id" UUID NOT NULL,
    "clause_id" TEXT,
    "text" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "private_draft_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "last_looked" (
    "user_id" UUID NOT NULL,
    "charter_id" UUID NOT NULL,
    "room_seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "last_looked_pkey" PRIMARY KEY ("user_id","charter_id")
);

-- CreateTable
CREATE TABLE "thread" (
    "id" UUID NOT NULL,
    "charter_id" UUID NOT NULL,
    "clause_id" TEXT NOT NULL,
    "quote" TEXT NOT NULL DEFAULT '',
    "anchor" BYTEA,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),
    "resolved_by" UUID,

    CONSTRAINT "thread_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "comment" (
    "id" UUID NOT NULL,
    "thread_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "body" TEXT NOT NULL,
    "mentions" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "edited_at" TIMESTAMPTZ(3),
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "comment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "position" (
    "id" UUID NOT NULL,
    "draft_round_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "value" TEXT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "remedy" TEXT NOT NULL DEFAULT '',
    "text_sha256" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "position_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "charter_version" (
    "id" UUID NOT NULL,
    "charter_id" UUID NOT NULL,
    "draft_round_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "canonical" BYTEA NOT NULL,
    "sha256" BYTEA NOT NULL,
    "clause_hashes" JSONB NOT NULL,
    "text_sha256" BYTEA NOT NULL,
    "previous_version_id" UUID,
    "room_id" UUID NOT NULL,
    "room_seq" BIGINT NOT NULL,
    "room_chain" BYTEA,
    "frozen_at" TIMESTAMPTZ(3) NOT NULL,
    "frozen_by" UUID NOT NULL,
    "adopted_at" TIMESTAMPTZ(3),
    "adoption" JSONB,
    "asked_again_at" TIMESTAMPTZ(3),
    "opens_at" TIMESTAMPTZ(3),
    "opens_zone" TEXT,
    "opened_at" TIMESTAMPTZ(3),
    "effective_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "charter_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "act" (
    "id" UUID NOT NULL,
    "charter_id" UUID NOT NULL,
    "version_id" UUID,
    "organization_id" UUID,
    "user_id" UUID,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "act_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "act_publication" (
    "act_id" UUID NOT NULL,
    "charter_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "notification_number" INTEGER NOT NULL,
    "notification_year" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "log_index" BIGINT,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "act_publication_pkey" PRIMARY KEY ("act_id")
);

-- CreateTable
CREATE TABLE "act_evidence" (
    "act_id" UUID NOT NULL,
    "statement" TEXT NOT NULL,
    "statement_sha256" BYTEA NOT NULL,
    "nonce" BYTEA NOT NULL,
    "evidence_class" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "signing_key_id" UUID,

    CONSTRAINT "act_evidence_pkey" PRIMARY KEY ("act_id")
);

-- CreateTable
CREATE TABLE "countersignature" (
    "act_id" UUID NOT NULL,
    "note" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "countersignature_pkey" PRIMARY KEY ("act_id")
);

-- CreateTable
CREATE TABLE "officer_identity" (
    "act_id" UUID NOT NULL,
    "name" TEXT,
    "email" TEXT,
    "salt" BYTEA,
    "erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "officer_identity_pkey" PRIMARY KEY ("act_id")
);

-- CreateTable
CREATE TABLE "signature" (
    "id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "sign_act_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "initial" BOOLEAN NOT NULL DEFAULT false,
    "signed_at" TIMESTAMPTZ(3) NOT NULL,
    "effective_at" TIMESTAMPTZ(3),
    "notice_at" TIMESTAMPTZ(3),
    "withdraws_at" TIMESTAMPTZ(3),

    CONSTRAINT "signature_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "signing_invitation" (
    "id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "organization_id" UUID,
    "legal_name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "message" TEXT NOT NULL DEFAULT '',
    "invited_by" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'SENT',
    "ask_again_at" TIMESTAMPTZ(3),
    "private_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "answered_at" TIMESTAMPTZ(3),

    CONSTRAINT "signing_invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "prepared_statement" (
    "id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "mandate_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "statement" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "salt" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "prepared_statement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "log_entry" (
    "index" BIGINT NOT NULL,
    "entry" BYTEA NOT NULL,
    "leaf_hash" BYTEA NOT NULL,
    "act_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "log_entry_pkey" PRIMARY KEY ("index")
);

-- CreateTable
CREATE TABLE "log_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "size" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "log_head_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "checkpoint" (
    "size" BIGINT NOT NULL,
    "root" BYTEA NOT NULL,
    "note" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "checkpoint_pkey" PRIMARY KEY ("size")
);

-- CreateTable
CREATE TABLE "public_revision" (
    "scope" TEXT NOT NULL,
    "revision" BIGINT NOT NULL DEFAULT 1,

    CONSTRAINT "public_revision_pkey" PRIMARY KEY ("scope")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "send_after" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "sent_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),
    "last_problem" TEXT,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "development_mail" (
    "id" UUID NOT NULL,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "html" TEXT NOT NULL DEFAULT '',
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "development_mail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "error_report" (
    "id" UUID NOT NULL,
    "charter_id" UUID NOT NULL,
    "clause_id" TEXT,
    "text" TEXT NOT NULL,
    "email" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "error_report_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operator_action" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "operator_action_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "setting" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "setting_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "account_provider_provider_account_id_key" ON "account"("provider", "provider_account_id");

-- CreateIndex
CREATE UNIQUE INDEX "session_session_token_key" ON "session"("session_token");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "verification_token_token_key" ON "verification_token"("token");

-- CreateIndex
CREATE UNIQUE INDEX "verification_token_identifier_token_key" ON "verification_token"("identifier", "token");

-- CreateIndex
CREATE INDEX "sign_in_challenge_email_created_at_idx" ON "sign_in_challenge"("email", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "organization_slug_key" ON "organization"("slug");

-- CreateIndex
CREATE INDEX "organization_name_skeleton_idx" ON "organization"("name_skeleton");

-- CreateIndex
CREATE INDEX "organization_name_organization_id_idx" ON "organization_name"("organization_id");

-- CreateIndex
CREATE INDEX "domain_claim_organization_id_idx" ON "domain_claim"("organization_id");

-- CreateIndex
CREATE INDEX "domain_claim_domain_idx" ON "domain_claim"("domain");

-- CreateIndex
CREATE INDEX "evidence_review_organization_id_idx" ON "evidence_review"("organization_id");

-- CreateIndex
CREATE INDEX "membership_user_id_idx" ON "membership"("user_id");

-- CreateIndex
CREATE INDEX "membership_organization_id_idx" ON "membership"("organization_id");

-- CreateIndex
CREATE INDEX "membership_invitation_email_idx" ON "membership_invitation"("email");

-- CreateIndex
CREATE INDEX "membership_invitation_organization_id_idx" ON "membership_invitation"("organization_id");

-- CreateIndex
CREATE INDEX "signing_mandate_organization_id_idx" ON "signing_mandate"("organization_id");

-- CreateIndex
CREATE INDEX "signing_mandate_user_id_idx" ON "signing_mandate"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "signing_key_spki_sha256_key" ON "signing_key"("spki_sha256");

-- CreateIndex
CREATE UNIQUE INDEX "signing_key_credential_id_key" ON "signing_key"("credential_id");

-- CreateIndex
CREATE INDEX "signing_key_organization_id_idx" ON "signing_key"("organization_id");

-- CreateIndex
CREATE UNIQUE INDEX "charter_slug_key" ON "charter"("slug");

-- CreateIndex
CREATE INDEX "charter_convenor_organization_id_idx" ON "charter"("convenor_organization_id");

-- CreateIndex
CREATE UNIQUE INDEX "participant_charter_id_organization_id_key" ON "participant"("charter_id", "organization_id");

-- CreateIndex
CREATE INDEX "charter_invitation_charter_id_idx" ON "charter_invitation"("charter_id");

-- CreateIndex
CREATE INDEX "charter_invitation_email_idx" ON "charter_invitation"("email");

-- CreateIndex
CREATE UNIQUE INDEX "draft_round_charter_id_number_key" ON "draft_round"("charter_id", "number");

-- CreateIndex
CREATE INDEX "room_draft_round_id_idx" ON "room"("draft_round_id");

-- CreateIndex
CREATE INDEX "clause_revision_charter_id_created_at_idx" ON "clause_revision"("charter_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "clause_revision_charter_id_clause_id_number_key" ON "clause_revision"("charter_id", "clause_id", "number");

-- CreateIndex
CREATE INDEX "private_draft_user_id_charter_id_idx" ON "private_draft"("user_id", "charter_id");

-- CreateIndex
CREATE INDEX "thread_charter_id_clause_id_idx" ON "thread"("charter_id", "clause_id");

-- CreateIndex
CREATE INDEX "comment_thread_id_idx" ON "comment"("thread_id");

-- CreateIndex
CREATE INDEX "position_draft_round_id_organization_id_at_idx" ON "position"("draft_round_id", "organization_id", "at");

-- CreateIndex
CREATE INDEX "charter_version_charter_id_number_idx" ON "charter_version"("charter_id", "number");

-- CreateIndex
CREATE INDEX "act_charter_id_at_idx" ON "act"("charter_id", "at");

-- CreateIndex
CREATE INDEX "act_organization_id_idx" ON "act"("organization_id");

-- CreateIndex
CREATE INDEX "act_publication_published_at_idx" ON "act_publication"("published_at");

-- CreateIndex
CREATE UNIQUE INDEX "act_publication_charter_id_number_key" ON "act_publication"("charter_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "act_publication_charter_id_notification_year_notification_n_key" ON "act_publication"("charter_id", "notification_year", "notification_number");

-- CreateIndex
CREATE UNIQUE INDEX "act_evidence_nonce_key" ON "act_evidence"("nonce");

-- CreateIndex
CREATE UNIQUE INDEX "signature_sign_act_id_key" ON "signature"("sign_act_id");

-- CreateIndex
CREATE INDEX "signature_version_id_status_idx" ON "signature"("version_id", "status");

-- CreateIndex
CREATE INDEX "signature_organization_id_idx" ON "signature"("organization_id");

-- CreateIndex
CREATE INDEX "signing_invitation_version_id_idx" ON "signing_invitation"("version_id");

-- CreateIndex
CREATE INDEX "signing_invitation_email_idx" ON "signing_invitation"("email");

-- CreateIndex
CREATE INDEX "outbox_sent_at_failed_at_send_after_idx" ON "outbox"("sent_at", "failed_at", "send_after");

-- CreateIndex
CREATE INDEX "development_mail_received_at_idx" ON "development_mail"("received_at");

-- AddForeignKey
ALTER TABLE "user" ADD CONSTRAINT "user_current_organization_id_fkey" FOREIGN KEY ("current_organization_id") REFERENCES "organization"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "organization_name" ADD CONSTRAINT "organization_name_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "domain_claim" ADD CONSTRAINT "domain_claim_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evidence_review" ADD CONSTRAINT "evidence_review_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership_invitation" ADD CONSTRAINT "membership_invitation_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "signing_mandate" ADD CONSTRAINT "signing_mandate_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "signing_mandate" ADD CONSTRAINT "signing_mandate_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "signing_key" ADD CONSTRAINT "signing_key_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "signing_key" ADD CONSTRAINT "signing_key_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "participant" ADD CONSTRAINT "participant_charter_id_fkey" FOREIGN KEY ("charter_id") REFERENCES "charter"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "participant" ADD CONSTRAINT "participant_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "charter_invitation" ADD CONSTRAINT "charter_invitation_charter_id_fkey" FOREIGN KEY ("charter_id") REFERENCES "charter"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "draft_round" ADD CONSTRAINT "draft_round_charter_id_fkey" FOREIGN KEY ("charter_id") REFERENCES "charter"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room" ADD CONSTRAINT "room_draft_round_id_fkey" FOREIGN KEY ("draft_round_id") REFERENCES "draft_round"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room_update" ADD CONSTRAINT "room_update_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "room"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room_snapshot" ADD CONSTRAINT "room_snapshot_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "room"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "client_lease" ADD CONSTRAINT "client_lease_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "room"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "thread" ADD CONSTRAINT "thread_charter_id_fkey" FOREIGN KEY ("charter_id") REFERENCES "charter"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comment" ADD CONSTRAINT "comment_thread_id_fkey" FOREIGN KEY ("thread_id") REFERENCES "thread"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "position" ADD CONSTRAINT "position_draft_round_id_fkey" FOREIGN KEY ("draft_round_id") REFERENCES "draft_round"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "charter_version" ADD CONSTRAINT "charter_version_charter_id_fkey" FOREIGN KEY ("charter_id") REFERENCES "charter"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "charter_version" ADD CONSTRAINT "charter_version_draft_round_id_fkey" FOREIGN KEY ("draft_round_id") REFERENCES "draft_round"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "act" ADD CONSTRAINT "act_charter_id_fkey" FOREIGN KEY ("charter_id") REFERENCES "charter"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "act_publication" ADD CONSTRAINT "act_publication_act_id_fkey" FOREIGN KEY ("act_id") REFERENCES "act"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "act_evidence" ADD CONSTRAINT "act_evidence_act_id_fkey" FOREIGN KEY ("act_id") REFERENCES "act"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "countersignature" ADD CONSTRAINT "countersignature_act_id_fkey" FOREIGN KEY ("act_id") REFERENCES "act"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "officer_identity" ADD CONSTRAINT "officer_identity_act_id_fkey" FOREIGN KEY ("act_id") REFERENCES "act"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "signature" ADD CONSTRAINT "signature_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "charter_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "signature" ADD CONSTRAINT "signature_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "signing_invitation" ADD CONSTRAINT "signing_invitation_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "charter_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

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
