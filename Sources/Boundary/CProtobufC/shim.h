// libprotobuf-c (libprotobuf-c-dev): the codec of the boundary messages.
#include <protobuf-c/protobuf-c.h>
