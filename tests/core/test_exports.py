"""No cell of a table that leaves the house does anything when it is opened."""

from portal.core.front.exports import table


def test_formulas_become_words_and_numbers_stay_numbers() -> None:
    lines = [
        ("Đơn vị", "=1+1", "+84", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1"),
        (None, -3, -0.5, "a=b", "", 'Đỗ, Thị "Lan"', "-", 0, True),
    ]
    assert table([["Trần; =1+1;\n@SUM(A1)", "a;b"]]) == "\ufeff\"Trần;' =1+1;'\n'@SUM(A1)\",a;b\r\n"
    first, second = table(lines).removeprefix("\ufeff").split("\r\n", 1)[0], table(lines).splitlines()[-1]
    assert first.startswith("Đơn vị,'=1+1,'+84,'-2+3,'@SUM(A1),'\t'=1")
    assert table(lines).count("'") == 12
    assert second == ',-3,-0.5,a=b,,"Đỗ, Thị ""Lan""",\'-,0,True'
