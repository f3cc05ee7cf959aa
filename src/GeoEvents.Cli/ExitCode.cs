namespace GeoEvents.Cli;

/// <summary>What the process tells the program that started it; see docs/cli.md.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>The service refused the request, or failed at it; or an import could not read its file.</summary>
    public const int Refused = 1;

    public const int WrongUsage = 2;

    /// <summary>An import was completed, and some of its rows were rejected.</summary>
    public const int RowsRejected = 3;

    public const int Unreachable = 4;

    public const int NotFound = 5;

    /// <summary>A log was verified, and is not as it was recorded.</summary>
    public const int NotIntact = 6;

    /// <summary>A rule was tested, and its worst week is over its budget.</summary>
    public const int OverBudget = 7;

    /// <summary>Ctrl+C, as shells count it.</summary>
    public const int Interrupted = 130;
}

/// <summary>The command ends here; its message is all there is to say.</summary>
public class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public static CommandException Usage(string message) => new(Cli.ExitCode.WrongUsage, message);
}
