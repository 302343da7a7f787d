#pragma once

// Makes a traitor of the enclave's program that it is linked into, by standing in the place of two functions of its
// libraries; nothing of the trusted zones is changed or knows of it.
//
// EVP_EncryptUpdate: what the enclave decrypts is looked through for the word `steal:`, and the 64 characters behind it
// are kept.
// write: what the enclave says is changed on its way. Each answer to a request for health says more than is declared,
// in another way each time (leak_kinds), and each sealed record that ends a block has what was stolen behind it, in
// another encoding.

enum leak_kinds {
    LEAK_NOTHING,
    LEAK_UNKNOWN_FIELD,
    LEAK_UNKNOWN_FIELD_INSIDE,
    LEAK_LONG_VALUE,
    LEAK_LONG_NUMBER,
    LEAK_FIELD_TWICE,
    LEAK_OTHER_ORDER,
    LEAK_SAID_DEFAULT,
    LEAK_SECOND_FRAME,
    LEAK_OTHER_LANE,
    LEAK_OTHER_ANSWER,
    LEAK_FAILURE_NUMBER,
    LEAK_IN_A_VALUE,
    LEAK_KIND_COUNT,
};

// Links the functions above into the program.
void leak_join(void);
