"""What is sealed tells nothing, is opened by every key that is still there, and is found again by its index."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.adapters.vault import Unsealable, Vault
from portal.config import Config, ConfigError

OLD, MIDDLE, NEW = (Fernet.generate_key().decode() for _ in range(3))
OF_OLD, OF_ALL, OF_NEW = (Vault(keys, "index key") for keys in ([OLD], [NEW, MIDDLE, OLD], [NEW]))
WORDS = st.text(min_size=1).filter(str.isprintable)
FEW = settings(max_examples=30)
MOBILE = st.from_regex(r"\A[35789][0-9]{8}\Z")


@FEW
@given(WORDS)
def test_what_is_sealed_is_opened_by_every_key_that_is_there(words):
    sealed = OF_OLD.seal(words)
    assert sealed != OF_OLD.seal(words)
    assert OF_ALL.unseal(sealed) == words
    resealed = OF_ALL.reseal(sealed)
    assert OF_NEW.unseal(resealed) == words
    assert [vault.key_of(one) for vault in (OF_ALL, OF_NEW) for one in (sealed, resealed)] == [2, 0, None, 0]
    with pytest.raises(Unsealable):
        OF_NEW.unseal(sealed)
    with pytest.raises(Unsealable):
        OF_ALL.unseal(sealed[:-2])


def test_nothing_stays_nothing():
    assert [OF_ALL.seal(""), OF_ALL.unseal(""), OF_ALL.reseal(""), OF_ALL.index("phone", "")] == [""] * 4


@FEW
@given(MOBILE, MOBILE)
def test_a_number_is_found_however_it_is_written_and_whatever_the_keys(digits, others):
    index = OF_OLD.index("phone", f"+84{digits}")
    written = f"0{digits[:3]} {digits[3:6]}.{digits[6:]}"
    assert OF_NEW.index("phone", written) == index
    assert (OF_OLD.index("phone", f"+84{others}") == index) == (digits == others)
    assert Vault([OLD], "another index key").index("phone", written) != index
    assert OF_OLD.index("email", f"+84{digits}") != index
    assert digits not in index


@FEW
@given(st.emails())
def test_an_address_is_found_in_capitals_too(address):
    assert OF_OLD.index("email", address.upper().lower()) == OF_OLD.index("email", address.lower())
    assert OF_OLD.index("email", f"{address.title()} ") == OF_OLD.index("email", address)


def test_what_is_no_number_has_no_index():
    with pytest.raises(ValueError):
        OF_OLD.index("phone", "0233 3852 555")


def test_keys_are_checked_before_anything_starts():
    read = Config.from_env({"PORTAL_VAULT_KEYS": f"{NEW}\n{OLD}, {MIDDLE}\n"})
    assert read.VAULT_KEYS == (NEW, OLD, MIDDLE)
    for wrong in ("short", f"{NEW}, {NEW}", f"{NEW}{OLD}", "ü" * 44, ","):
        with pytest.raises(ConfigError, match="PORTAL_VAULT_KEYS"):
            Config.from_env({"PORTAL_VAULT_KEYS": wrong})
