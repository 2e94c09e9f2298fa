using System.CommandLine;
using Field.Contracts;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Identity;

/// <summary>The command line of <c>enrol</c>: makes this machine a device of a site.</summary>
internal static class EnrolCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        Option<string> server = new("--server") { HelpName = "URL", Required = true, Description = "The server's enrolment address: https://host:8443." };
        Option<string> code = new("--code") { HelpName = "CODE", Required = true, Description = "The one-time code from: field device enrol. '-' reads it from standard input, so that it stays out of the shell's history." };
        Option<string?> identity = new("--identity") { HelpName = "DIR", Description = "Folder for the key and the certificate. Default: one per site and device in the user's data folder. Environment: FIELD_IDENTITY." };
        Option<string?> lang = new("--lang") { HelpName = "ja|en", Description = "Language. Default from LANG." };
        lang.AcceptOnlyFromAmong("ja", "en");
        Command command = new("enrol", "Makes this machine a device of the site, with the one-time code from the headquarters.") { server, code, identity, lang };
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetRequiredValue(server), result.GetRequiredValue(code), result.GetValue(identity) ?? Environment.GetEnvironmentVariable("FIELD_IDENTITY"),
            Texts.For(result.GetValue(lang), Environment.GetEnvironmentVariable), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string server, string typed, string? identity, Texts texts, CancellationToken cancellationToken)
    {
        string text = typed == "-" ? await Console.In.ReadLineAsync(cancellationToken) ?? "" : typed;
        if (!Uri.TryCreate(server, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttps)
        {
            await Console.Error.WriteLineAsync(texts.BadServer(server));
            return ExitCodes.CannotStart;
        }

        if (EnrolmentCode.Parse(text) is not { } code)
        {
            await Console.Error.WriteLineAsync(texts.BadCode);
            return ExitCodes.CannotStart;
        }

        try
        {
            string pending = identity is null ? Uplink.ServerOptions.Folder("identity", "pending", "keys") : Path.GetFullPath(identity);
            string folder = await EnrolmentClient.EnrolAsync(uri, code, identity, pending, cancellationToken);
            using AgentIdentity enrolled = AgentIdentity.Load(folder);
            Console.WriteLine(texts.Enrolled(enrolled, folder, uri.Host));
            return ExitCodes.Ok;
        }
        catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(texts.NotEnrolled(e.Message));
            return e is FieldException { IsTransient: true } ? ExitCodes.NotSent : ExitCodes.SomeFailed;
        }
    }
}
