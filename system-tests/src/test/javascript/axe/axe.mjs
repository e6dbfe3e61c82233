// Prints the script that finds violations, for a browser to run.

import axe from 'axe-core';

process.stdout.write(axe.source);
