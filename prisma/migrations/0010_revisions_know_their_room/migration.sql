-- Both tables before anything takes long, and neither kept while the other is somebody's: a program of the release before that opens a room meanwhile has "room"
-- and waits for the revisions, and PostgreSQL would end this migration in its favour.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  LOOP
    BEGIN
      LOCK TABLE "clause_revision" IN ACCESS EXCLUSIVE MODE;
      LOCK TABLE "room" IN SHARE ROW EXCLUSIVE MODE;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      PERFORM pg_sleep(0.1);
    END;
  END LOOP;
  PERFORM set_config('lock_timeout', '0', true);
END $$;

-- AlterTable
ALTER TABLE "clause_revision" ADD COLUMN     "room_id" UUID;

-- Of which room an old row is: of the only one of its round that has so many updates. Where several have, the newest of them that was opened by then,
-- which is how the rows were read until now; it is decided here once, and no clock is asked again. A row that was dated before all of them stays without.
-- Before the index, so that it is built once.
UPDATE "clause_revision" AS revision SET "room_id" = (
  SELECT CASE WHEN count(*) = 1 THEN (array_agg(room.id))[1]
         ELSE (array_agg(room.id ORDER BY room.generation DESC) FILTER (WHERE room.created_at <= revision.created_at))[1] END
    FROM "room" AS room
   WHERE room.draft_round_id = revision.draft_round_id AND room.last_seq >= revision.room_seq);

-- CreateIndex
CREATE INDEX "clause_revision_room_id_room_seq_idx" ON "clause_revision"("room_id", "room_seq");

-- AddForeignKey
ALTER TABLE "clause_revision" ADD CONSTRAINT "clause_revision_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "room"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Who writes a revision says of which room it is. Rows from before this was kept may not say it, so they are not looked at.
ALTER TABLE clause_revision ADD CONSTRAINT clause_revision_of_a_room CHECK (room_id IS NOT NULL) NOT VALID;
