-- "make schema" creates these on its throwaway servers.
CREATE ROLE clerk;
