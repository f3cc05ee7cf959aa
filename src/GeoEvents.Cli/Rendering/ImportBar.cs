using System.Globalization;
using GeoEvents.Imports;
using Spectre.Console;

namespace GeoEvents.Cli.Rendering;

/// <summary>How far a file is, where somebody watches; nothing elsewhere.</summary>
public sealed class ImportBar
{
    private readonly ProgressTask? task;

    private ImportBar(ProgressTask? task) => this.task = task;

    public static Task Shown(Screen screen, Func<ImportBar, Task> work) => Shown(screen, "Sending", work);

    /// <param name="first">What is done at the beginning.</param>
    public static Task Shown(Screen screen, string first, Func<ImportBar, Task> work) => screen.Progress is not { } terminal
        ? work(new ImportBar(null))
        : terminal.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(context => work(new ImportBar(context.AddTask(first))));

    /// <param name="length">Bytes; null if not known.</param>
    public void Sent(long bytes, long? length) => Show($"Sending {Size(bytes)}{(length is null ? "" : $" of {Size(length.Value)}")}", bytes, length);

    /// <summary>Of a file whose length nobody knows.</summary>
    public void Received(long bytes) => Show($"Receiving {Size(bytes)}", bytes, null);

    public void At(Import import) => Show(
        import switch
        {
            { State: ImportState.Queued, QueuePosition: { } place } => $"Waiting, {Words.Ordinal(place)} in the queue",
            _ => string.Join(", ", new[]
            {
                Words.Count(import.Total, "row"),
                import.Rate is { } rate ? $"{rate.ToString("N0", CultureInfo.InvariantCulture)} rows/s" : null,
                import.Size is { } size ? $"{Size(import.Bytes)} of {Size(size)}" : null,
                import.TimeLeft is { } left ? $"{TimeSpan.FromSeconds(left):g} left" : null,
            }.OfType<string>()),
        },
        import.Bytes,
        import.Size);

    private void Show(string text, long done, long? all)
    {
        if (task is not null)
        {
            task.Description = Screen.Safe(text);
            task.IsIndeterminate = all is not > 0;
            task.MaxValue = all is > 0 ? all.Value : 1;
            task.Value = done;
        }
    }

    private static string Size(long bytes) => bytes < 1 << 20 ? $"{bytes / 1024.0:0} kB" : $"{bytes / 1048576.0:0.0} MB";
}
