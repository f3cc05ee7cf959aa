using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace GeoEvents.Cli;

/// <summary>The usual help, then examples, then whatever else a command's reader needs at hand.</summary>
public sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        // The usual help names the file that runs; people know the command by another name.
        var output = parseResult.InvocationConfiguration.Output;
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        parseResult.InvocationConfiguration.Output = text;
        usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        output.Write(text.ToString().Replace($"  {parseResult.RootCommandResult.Command.Name} ", "  geoevents ", StringComparison.Ordinal));
        if (parseResult.CommandResult.Command.Appendix() is not { } appendix)
        {
            return ExitCode.Done;
        }

        output.WriteLine("Examples:");
        foreach (var (command, what) in appendix.Examples)
        {
            output.WriteLine($"  # {what}");
            output.WriteLine($"  {command}");
        }

        output.WriteLine();
        if (appendix.More is { } more)
        {
            output.WriteLine(more);
            output.WriteLine();
        }

        return ExitCode.Done;
    }
}

/// <param name="More">Printed after the examples; null for nothing.</param>
public sealed record HelpAppendix(IReadOnlyList<(string Command, string What)> Examples, string? More);

/// <summary>Attaches examples to commands.</summary>
public static class HelpAppendices
{
    private static readonly ConditionalWeakTable<Command, HelpAppendix> ByCommand = [];

    public static void WithExamples(this Command command, IReadOnlyList<(string Command, string What)> examples, string? more = null) =>
        ByCommand.AddOrUpdate(command, new HelpAppendix(examples, more));

    public static HelpAppendix? Appendix(this Command command) => ByCommand.TryGetValue(command, out var appendix) ? appendix : null;
}
