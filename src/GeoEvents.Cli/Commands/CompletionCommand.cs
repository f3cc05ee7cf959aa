using System.CommandLine;
using System.CommandLine.Completions;
using GeoEvents.Coding;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents completion</c>: the script that makes a shell ask this program what may come next.</summary>
public static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            _geoevents() {
              local word="${COMP_WORDS[COMP_CWORD]}" IFS=$'\n'
              COMPREPLY=($(compgen -W "$(geoevents "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "$word"))
            }
            complete -o default -F _geoevents geoevents
            """,
        ["zsh"] = """
            #compdef geoevents
            _geoevents() {
              local -a found
              found=("${(@f)$(geoevents "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
              [[ -n "$found" ]] && compadd -- "${found[@]}" || _files
            }
            (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
            compdef _geoevents geoevents
            """,
        ["fish"] = """
            complete -c geoevents -a '(geoevents "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'
            """,
    };

    public static Command Create(Surroundings surroundings)
    {
        var shell = new Argument<string>("SHELL") { HelpName = "SHELL", Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Print the script that completes geoevents in a shell.") { shell };
        command.WithExamples(
        [
            ("source <(geoevents completion bash)", "for this shell; the same line in ~/.bashrc for every one"),
            ("source <(geoevents completion zsh)", "in ~/.zshrc"),
            ("geoevents completion fish > ~/.config/fish/completions/geoevents.fish", "fish loads it by itself"),
        ]);
        command.SetAction(result => surroundings.Output.WriteLine(Scripts[result.GetValue(shell)!]));
        return command;
    }

    /// <summary>Codes of the states of ISO 3166-1, with their names.</summary>
    internal static IEnumerable<CompletionItem> ActorCodes(CompletionContext context) =>
        States.All.Select(s => new CompletionItem(s.Code.ToString(), detail: s.Name));

    internal static IEnumerable<CompletionItem> Types(CompletionContext context) =>
        Methods.Shipped.Types.Select(t => new CompletionItem(t.Type, detail: t.Label));
}
