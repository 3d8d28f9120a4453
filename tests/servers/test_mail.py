import smtplib
from email.message import EmailMessage

import pytest


def send(postbox, to, text):
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = "답변이 올라왔어요", "forum@example.org", to
    letter.set_content(text)
    with smtplib.SMTP("127.0.0.1", postbox.port) as connection:
        connection.send_message(letter)


def test_a_letter_arrives_with_its_korean_words(postbox):
    send(postbox, "resident@example.org", "처리 과정을 확인해 주세요.")
    [letter] = postbox.letters_to("resident@example.org")
    assert letter["Subject"] == "답변이 올라왔어요"
    assert "처리 과정" in letter.get_content()
    assert letter.sender == "forum@example.org"


def test_the_postbox_is_empty_again_for_the_next_test(postbox):
    assert postbox.letters == []
    with pytest.raises(AssertionError, match="0 letters"):
        postbox.letters_to("resident@example.org", seconds=0)
