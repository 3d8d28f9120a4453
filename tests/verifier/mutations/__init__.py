"""More than two hundred ways to falsify a record.

Each is tried as it is (by somebody without the key) and again with everything signed anew by the site's own key. What
then passes alone is a forgery that is consistent in itself; it names what people kept that must give it away.
"""

from tests.verifier.mutations import figures, files, forgeries, log_lists, texts
from tests.verifier.mutations.scene import Scene
from tests.verifier.mutations.writing import ANY, MUTATIONS, REFUSED, UNDONE

WRITTEN_IN = (figures, files, forgeries, log_lists, texts)
__all__ = ["ANY", "MUTATIONS", "REFUSED", "UNDONE", "WRITTEN_IN", "Scene"]
