using System.Text;

namespace GeoEvents.Delivery;

/// <summary>What a receiver or a mail server said, as it can be stored and shown.</summary>
public static class AttemptText
{
    /// <summary>Characters that are kept of it.</summary>
    public const int Longest = 1_000;

    /// <returns>Without control characters but line feeds and tabs, and of valid Unicode; null if nothing is left.</returns>
    public static string? Of(string? text)
    {
        var plain = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (plain.Length + rune.Utf16SequenceLength > Longest)
            {
                break;
            }

            if (!Rune.IsControl(rune) || rune.Value is '\n' or '\t')
            {
                plain.Append(rune);
            }
        }

        return plain.Length > 0 ? plain.ToString() : null;
    }
}
