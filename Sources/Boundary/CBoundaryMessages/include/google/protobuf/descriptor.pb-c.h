#pragma once
// protoc-c asks for this header when messages carry custom options; nothing in it is used.
