"""Sentences about refused files: what is the matter, and what to do."""

from civic_forum.platform.i18n import _, _l

from .rules import FileRefused, Reason

SENTENCES = {
    Reason.TOO_MANY: _l("파일은 %(limit)d개까지 올릴 수 있어요. 꼭 필요한 파일만 골라 주세요."),
    Reason.TOO_LARGE: _l("파일 하나가 %(megabytes)dMB보다 커요. 더 작은 파일을 올려 주세요."),
    Reason.TOO_LARGE_TOGETHER: _l("파일을 모두 합쳐 %(megabytes)dMB까지 올릴 수 있어요. 파일을 줄이거나 나누어 올려 주세요."),
    Reason.EMPTY: _l("파일이 비어 있어요. 내용이 있는 파일을 올려 주세요."),
    Reason.UNKNOWN_KIND: _l("올릴 수 없는 파일이에요. 사진(JPG, PNG, WebP), PDF, 한글 문서(HWP, HWPX)로 저장해서 올려 주세요."),
    Reason.HEIC: _l("아이폰 사진(HEIC)은 읽지 못해요. JPG로 저장해서 올리거나, 휴대전화의 설정 > 카메라 > 포맷에서 "
                    "‘높은 호환성’을 고르고 다시 찍어 주세요."),
    Reason.MISNAMED: _l("이름은 .%(extension)s인데 내용이 달라요. 원래 프로그램에서 파일을 열어 다시 저장한 뒤 올려 주세요."),
    Reason.BROKEN_PICTURE: _l("사진 파일이 깨져 있어요. 다른 파일을 올려 주세요."),
    Reason.BROKEN_DOCUMENT: _l("문서 파일이 깨져 있어요. 파일을 열어 다시 저장한 뒤 올려 주세요."),
    Reason.NO_TABLE: _l("%(line)s번째 줄을 표로 읽을 수 없어요. 따옴표를 확인해 주세요."),
    Reason.TOO_MANY_PIXELS: _l("사진이 %(megapixels)d00만 화소보다 커요. 크기를 줄여서 올려 주세요."),
    Reason.BOMB: _l("풀면 지나치게 커지는 파일이에요. 내용을 줄이거나 PDF로 저장해서 올려 주세요."),
    Reason.ENCRYPTED: _l("암호나 제한이 걸린 문서예요. 암호와 제한을 푼 뒤 다시 올려 주세요."),
    Reason.ANIMATED: _l("움직이는 그림은 올릴 수 없어요. 한 장면을 사진으로 저장해서 올려 주세요."),
    Reason.ONLY_A_SHELL: _l("내용이 첨부 파일이나 프로그램 안에만 있는 PDF예요. 원래 프로그램에서 PDF로 인쇄해서 올려 주세요."),
    Reason.UNREADABLE: _l("이 파일은 끝까지 읽지 못했어요. 더 작거나 단순하게 저장해서 올려 주세요."),
    Reason.INFECTED: _l("악성 코드가 있는 파일이라 받지 않았어요. 백신으로 검사한 뒤 다른 파일을 올려 주세요."),
}


def sentence(refused: FileRefused, name: str = "") -> str:
    """The reason in words, after the name of the file where there are several."""
    words = str(SENTENCES[refused.reason]) % refused.parameters
    return _("%(name)s: %(words)s", name=name, words=words) if name else words
