import struct
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from civic_forum.attachments.formats.picture_headers import read_header
from civic_forum.attachments.formats.pictures import read_picture
from civic_forum.attachments.rules import FileRefused, Kind, Reason

from . import making

GPS = b"N37.4569 E126.8955"


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def refused(data: bytes) -> Reason:
    with pytest.raises(FileRefused) as caught:
        read_picture(data)
    return caught.value.reason


@pytest.mark.parametrize(("data", "kept"), [
    (making.jpeg(), Kind.JPEG),
    (making.jpeg(progressive=True), Kind.JPEG),
    (making.saved(making.photo().convert("L"), "JPEG"), Kind.JPEG),
    (making.saved(making.photo().convert("CMYK"), "JPEG"), Kind.JPEG),
    (making.webp(), Kind.JPEG),
    (making.saved(Image.effect_noise((200, 200), 90), "PNG"), Kind.JPEG),
    (making.saved(Image.new("RGB", (200, 100), "white"), "PNG"), Kind.PNG),
    (making.saved(Image.new("1", (200, 100)), "PNG"), Kind.PNG),
    (making.gif(), Kind.PNG),
], ids=["JPEG", "progressive", "grey", "printer's colours", "WebP", "photo as PNG", "drawing", "black and white",
        "GIF"])
def test_a_picture_is_kept_as(data, kept):
    picture = read_picture(data)
    assert picture.kind is kept
    assert (opened(picture.data).format, opened(picture.thumb).format) == (kept.value.upper(), "WEBP")
    assert opened(picture.data).size == (picture.width, picture.height)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_transparency_is_kept(form):
    sent = Image.new("RGBA", (60, 40), (10, 200, 30, 0))
    sent.paste((200, 0, 0, 255), (0, 0, 30, 40))
    picture = read_picture(making.saved(sent, form, **({"lossless": True} if form == "WEBP" else {})))
    alpha = opened(picture.data).convert("RGBA").getchannel("A")
    assert picture.kind.value.upper() == form
    assert (alpha.getpixel((5, 5)), alpha.getpixel((55, 35))) == (255, 0)


def test_a_palette_with_a_transparent_colour_keeps_it():
    sent = Image.new("P", (40, 40), 1)
    sent.putpalette([0, 0, 0, 250, 0, 0])
    sent.paste(0, (0, 0, 20, 40))
    picture = read_picture(making.saved(sent, "PNG", transparency=0))
    assert opened(picture.data).convert("RGBA").getpixel((5, 5))[3] == 0
    assert opened(picture.data).convert("RGBA").getpixel((35, 5)) == (250, 0, 0, 255)


def test_transparency_that_nobody_sees_is_left_out():
    sent = making.photo().convert("RGBA")
    assert opened(read_picture(making.saved(sent, "PNG")).data).mode == "RGB"


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("size", "page", "thumb"), [
    ((5000, 3000), (2000, 1200), (640, 384)),
    ((3000, 4000), (1500, 2000), (480, 640)),
    ((2000, 2000), (2000, 2000), (640, 640)),
    ((700, 1), (700, 1), (640, 1)),
    ((12_000, 3), (2000, 1), (640, 1)),
    ((30, 20), (30, 20), (30, 20)),
])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_large_pictures_are_made_smaller_and_small_ones_left(form, size, page, thumb):
    picture = read_picture(making.saved(making.photo(*size), form))
    assert (picture.width, picture.height) == page
    assert opened(picture.thumb).size == thumb


@pytest.mark.in_turns(of=5)
def test_a_picture_reduced_in_strips_looks_the_same():
    sent = making.photo(6000, 4500).convert("RGBA")
    sent.putalpha(128)
    picture = opened(read_picture(making.saved(sent, "PNG", compress_level=1)).data)
    expected = sent.resize(picture.size)
    for place in [(10, 10), (1000, 750), (1990, 1490), (500, 1400)]:
        assert picture.getpixel(place) == pytest.approx(expected.getpixel(place), abs=3)


def test_sixteen_bits_of_grey_become_eight():
    picture = read_picture(making.saved(Image.new("I;16", (50, 50), 40_000), "PNG"))
    assert opened(picture.data).convert("L").getpixel((9, 9)) == pytest.approx(156, abs=1)


@pytest.mark.parametrize(("orientation", "corner"), [
    (1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (0, 1)), (5, (0, 0)), (6, (1, 0)), (7, (1, 1)), (8, (0, 1)),
])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_turned_upright(form, orientation, corner):
    """The dark corner, top left in the file, goes where the camera says that it belongs."""
    sent = Image.new("RGB", (80, 40), "white")
    sent.paste("black", (0, 0, 20, 20))
    picture = read_picture(making.saved(sent, form, exif=making.exif(orientation)))
    image = opened(picture.data).convert("L")
    assert image.size == ((80, 40) if orientation < 5 else (40, 80))
    place = tuple(side - 5 if far else 4 for side, far in zip(image.size, corner, strict=True))
    assert image.getpixel(place) < 60
    assert sum(image.resize((4, 4), Image.Resampling.BOX).getextrema()) > 200


@pytest.mark.parametrize("exif", [
    b"Exif\0\0", b"Exif\0\0MM\0*", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0\x08\0\0\0\xff\xff",
    making.exif(6)[:30], making.exif(9), making.exif(0), b"nonsense",
])
def test_a_broken_exif_block_does_not_spoil_a_good_photo(exif):
    assert read_picture(making.jpeg(exif=exif)).width == 120


def marked() -> dict[str, bytes]:
    """Pictures that carry a place, a comment and a profile in every way their formats have."""
    exif = making.exif(1, GPS)
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + GPS + b"</x:xmpmeta>"
    text = making.png_chunk(b"tEXt", b"Comment\0" + GPS)
    international = making.png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)
    private = making.png_chunk(b"gpSx", GPS)
    segment = b"\xff\xed" + struct.pack(">H", len(GPS) + 16) + b"Photoshop 3.0\0" + GPS
    plain = making.jpeg(exif=exif, comment=GPS, xmp=xmp)
    return {
        "JPEG": plain[:2] + segment + plain[2:] + GPS,
        "PNG": making.png_with(text, international, private, of=making.png(exif=exif)) + GPS,
        "PNG with transparency": making.png_with(text, private, of=making.saved(
            Image.new("RGBA", (30, 30), (1, 2, 3, 4)), "PNG", exif=exif)),
        "WebP": making.webp(exif=exif, xmp=xmp),
        "WebP with transparency": making.saved(Image.new("RGBA", (30, 30), (1, 2, 3, 4)), "WEBP", exif=exif, xmp=xmp),
        "GIF": making.gif(comment=GPS),
    }


@pytest.mark.parametrize("form", marked())
def test_nothing_but_pixels_is_kept(form):
    sent = marked()[form]
    assert GPS in sent
    picture = read_picture(sent)
    for data in (picture.data, picture.thumb):
        for marker in (GPS, b"Exif", b"EXIF", b"eXIf", b"adobe", b"XMP", b"tEXt", b"iTXt", b"Photoshop", b"ICC"):
            assert marker not in data
        assert not opened(data).getexif()
        assert set(opened(data).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive",
                                          "progression", "loop", "background", "timestamp", "duration"}


def test_colours_of_another_profile_are_turned_into_srgb():
    """A pure red in a profile whose red and blue are exchanged must come out blue."""
    swapped = _profile_with_swapped_colours()
    picture = read_picture(making.saved(Image.new("RGB", (20, 20), (255, 0, 0)), "PNG", icc_profile=swapped))
    red, _, blue = opened(picture.data).convert("RGB").getpixel((9, 9))
    assert blue > 200 > red
    assert b"iCCP" not in picture.data


def _profile_with_swapped_colours() -> bytes:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count, = struct.unpack_from(">I", profile, 128)
    places = {bytes(profile[at: at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, blue = places[b"rXYZ"], places[b"bXYZ"]
    profile[red + 4: red + 12], profile[blue + 4: blue + 12] = (
        profile[blue + 4: blue + 12], profile[red + 4: red + 12])
    return bytes(profile)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_broken_profile_is_left_aside(form):
    assert read_picture(making.saved(making.photo(), form, icc_profile=b"no profile " * 30)).width == 120


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_moving_pictures_are_refused(form):
    assert refused(making.animated(form)) is Reason.ANIMATED


def test_a_file_that_is_cut_off_is_refused():
    data = making.jpeg(400, 300)
    assert refused(data[: len(data) // 2]) is Reason.BROKEN_PICTURE


def test_a_document_is_no_picture():
    assert refused(making.pdf()) is Reason.UNKNOWN_KIND


def test_a_stereo_photo_is_kept_as_its_first_picture():
    first, second = making.photo(), making.photo().transpose(Image.Transpose.ROTATE_180)
    stereo = making.saved(first, "MPO", save_all=True, append_images=[second])
    assert read_picture(stereo).kind is Kind.JPEG


def test_a_gif_without_a_picture_is_broken():
    with pytest.raises(FileRefused) as caught:
        read_header(making.gif()[:13].ljust(13 + 3 * 256, b"\0") + b";", Kind.GIF)
    assert caught.value.reason is Reason.BROKEN_PICTURE
