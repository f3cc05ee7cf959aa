using System.Text;

namespace GeoEvents.Imports.Mappings;

/// <summary>A text in which <c>{column}</c> stands for a row's value.</summary>
internal sealed class Template
{
    /// <summary>Texts and names of columns in turn, beginning with a text.</summary>
    private readonly List<string> parts = [];

    /// <exception cref="FormatException">A brace has no partner, or no name within.</exception>
    public Template(string text)
    {
        var rest = text;
        while (true)
        {
            var open = rest.IndexOfAny(['{', '}']);
            parts.Add(open < 0 ? rest : rest[..open]);
            if (open < 0)
            {
                return;
            }

            var close = rest.IndexOf('}');
            if (rest[open] == '}' || close < open + 2 || rest.AsSpan(open + 1, close - open - 1).Contains('{'))
            {
                throw new FormatException("A column is named as in {column}.");
            }

            parts.Add(rest[(open + 1)..close]);
            rest = rest[(close + 1)..];
        }
    }

    public IEnumerable<string> Columns => parts.Where((_, i) => i % 2 == 1);

    /// <returns>Null if the template names columns and all are empty.</returns>
    public string? Fill(Func<string, string> valueOf)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        var (text, given) = (new StringBuilder(), false);
        for (var i = 0; i < parts.Count; i++)
        {
            var part = i % 2 == 0 ? parts[i] : valueOf(parts[i]).Trim();
            given |= i % 2 == 1 && part.Length > 0;
            text.Append(part);
        }

        return given ? text.ToString() : null;
    }
}
