-- The power that a device was held to while it was measured; older records don't tell it.

ALTER TABLE condition ADD COLUMN power_limit_w REAL;
