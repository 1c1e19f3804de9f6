"""sqlalchemy-migrate's command line, which was written for an older Python."""

import inspect
import warnings

inspect.getargspec = lambda function: inspect.getfullargspec(function)[:4]
warnings.simplefilter("ignore")

from migrate.versioning.shell import main  # noqa: E402

main()
