package tagged

import _ "golang.org/x/sys/unix"
