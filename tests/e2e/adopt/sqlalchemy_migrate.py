"""What sqlalchemy-migrate makes of a database, for the tests.

  sqlalchemy_migrate.py URL version          print the version that it reads
  sqlalchemy_migrate.py URL control VERSION  put the database under its version control
"""

import inspect
import sys
import tempfile
import warnings

# The package was written for an older Python.
inspect.getargspec = inspect.getfullargspec
warnings.simplefilter("ignore")

from migrate.versioning import api  # noqa: E402

url, command = sys.argv[1:3]
with tempfile.TemporaryDirectory() as folder:
    repository = folder + "/dbmigration"
    api.create(repository, "Repository for FitsStorage migration")
    if command == "version":
        print(api.db_version(url, repository))
    else:
        # It takes a version only if there are that many scripts.
        for _ in range(int(sys.argv[3])):
            api.script("step", repository)
        api.version_control(url, repository, int(sys.argv[3]))
