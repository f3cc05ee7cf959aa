using System.CommandLine;
using System.CommandLine.Parsing;

namespace GeoEvents.Cli.Rendering;

/// <summary>The command as it was typed, with some options set anew: what somebody types to go on.</summary>
public static class AgainText
{
    /// <param name="options">Name, as in <c>--after</c>, and value; null leaves it out.</param>
    public static string Of(ParseResult result, params (string Name, string? Value)[] options)
    {
        var words = new List<string>();
        for (var i = 0; i < result.Tokens.Count; i++)
        {
            var token = result.Tokens[i];
            if (token.Type == TokenType.Option && options.Any(o => o.Name == token.Value))
            {
                i++;
                continue;
            }

            words.Add(Quoted(token.Value));
            if (token.Type == TokenType.Command && token.Value == result.CommandResult.Command.Name)
            {
                words.AddRange(options.Where(o => o.Value is not null).Select(o => $"{o.Name} {Quoted(o.Value!)}"));
            }
        }

        return $"geoevents {string.Join(' ', words)}";
    }

    /// <summary>As a shell takes it for one word.</summary>
    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=@%+,".Contains(c, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
