using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GeoEvents.Cli.Rendering;

/// <summary>Where a command prints: tables and colours on a terminal, plain lines elsewhere.</summary>
public sealed class Screen
{
    /// <summary>Columns of output that no terminal bounds; nothing is wrapped.</summary>
    private const int Unbounded = 2_000;

    private readonly Surroundings surroundings;
    private readonly IAnsiConsole? terminal;

    public Screen(Surroundings surroundings, bool noColour)
    {
        this.surroundings = surroundings;
        var plain = noColour || surroundings.Variable("NO_COLOR") is { Length: > 0 } || surroundings.Variable("TERM") == "dumb";
        terminal = surroundings.OutputIsTerminal ? On(surroundings.Output, colours: !plain) : null;
        Progress = surroundings.ErrorIsTerminal && !plain ? On(surroundings.Error, colours: true) : null;
    }

    /// <summary>Where progress is drawn; null where nobody watches.</summary>
    public IAnsiConsole? Progress { get; }

    /// <summary>Columns for a chart.</summary>
    public int Width => terminal is null ? 100 : Math.Max(20, terminal.Profile.Width);

    /// <summary>A document as the service sent it.</summary>
    /// <remarks>On a terminal, characters that would turn its text around are written as JSON escapes; it is the same document.</remarks>
    public void Document(string json) => surroundings.Output.WriteLine(surroundings.OutputIsTerminal ? Escaped(json.TrimEnd('\n')) : json.TrimEnd('\n'));

    public void Line(string text = "") => surroundings.Output.WriteLine(Clean(text));

    /// <summary>To standard error, where it does not mix with results.</summary>
    public void Say(string text) => surroundings.Error.WriteLine(string.Join('\n', text.Split('\n').Select(Clean)));

    /// <summary>A line in Spectre's markup; whatever comes from the record has to be escaped with <see cref="Safe"/>.</summary>
    public void Marked(string markup) => Print(new Markup(markup));

    private void Print(IRenderable what)
    {
        if (terminal is not null)
        {
            terminal.Write(what);
            if (what is Markup)
            {
                terminal.WriteLine();
            }

            return;
        }

        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = Unbounded;
        console.Profile.Capabilities.Unicode = true;
        console.Write(what);
        foreach (var line in text.ToString().TrimEnd('\n').Split('\n'))
        {
            surroundings.Output.WriteLine(line.TrimEnd());
        }
    }

    public void Print(Listing listing) => Print(terminal is null ? listing.ForText() : listing.ForTerminal());

    /// <summary>Text from the record, for a place where markup is read: brackets escaped, control characters replaced.</summary>
    public static string Safe(string? text) => Markup.Escape(Clean(text ?? ""));

    /// <summary>Control characters could move the cursor or recolour the terminal of whoever reads what others wrote, and those of direction could turn its text around.</summary>
    public static string Clean(string text)
    {
        if (!text.Any(IsHarmful))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            clean.Append(c == '\t' ? ' ' : IsHarmful(c) ? '\uFFFD' : c);
        }

        return clean.ToString();
    }

    private static bool IsHarmful(char c) => char.IsControl(c) || IsOfDirection(c);

    /// <summary>Marks, embeddings, overrides and isolates of the Unicode bidirectional algorithm, and separators of lines.</summary>
    private static bool IsOfDirection(char c) => c is '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static string Escaped(string json) => json.Any(IsOfDirection) ? string.Concat(json.Select(c => IsOfDirection(c) ? $"\\u{(int)c:x4}" : c.ToString())) : json;

    private static IAnsiConsole On(TextWriter writer, bool colours) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = colours ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Out = new AnsiConsoleOutput(writer),
    });
}
