using Spectre.Console;
using Spectre.Console.Rendering;

namespace GeoEvents.Cli.Rendering;

/// <summary>Rows under headings. On a terminal a table that fits its width; elsewhere columns of text, one line per row, that other programs can cut.</summary>
/// <param name="headings">One that begins with <c>&gt;</c> is of numbers, which are aligned to the right.</param>
public sealed class Listing(params string[] headings)
{
    private readonly List<string[]> rows = [];

    /// <param name="cells">Markup; whatever comes from the record has to be escaped with <see cref="Screen.Safe"/>.</param>
    public void AddRow(params string[] cells) => rows.Add(cells);

    public IRenderable ForTerminal()
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var heading in headings)
        {
            var column = new TableColumn(new Markup($"[bold]{Name(heading)}[/]"));
            table.AddColumn(IsNumber(heading) ? column.RightAligned() : column);
        }

        foreach (var row in rows)
        {
            table.AddRow(row);
        }

        return table;
    }

    public IRenderable ForText()
    {
        var grid = new Grid();
        foreach (var heading in headings)
        {
            var column = new GridColumn().NoWrap().Padding(0, 0, 2, 0);
            grid.AddColumn(IsNumber(heading) ? column.RightAligned() : column);
        }

        grid.AddRow([.. headings.Select(Name)]);
        foreach (var row in rows)
        {
            grid.AddRow(row);
        }

        return grid;
    }

    private static bool IsNumber(string heading) => heading.StartsWith('>');

    private static string Name(string heading) => Screen.Safe(heading.TrimStart('>'));
}
