-- The queue is empty during an upgrade.
DELETE FROM previewqueue;
