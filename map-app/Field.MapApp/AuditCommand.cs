using System.CommandLine;
using Field.Ingest.Identity;
using Field.Store.Audit;

namespace Field.MapApp;

/// <summary><c>audit verify | show</c>: who did what, and whether the record is whole.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        Option<string> data = new("--data") { Description = "The server's data folder. Environment: FIELD_DATA.", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("FIELD_DATA") is { Length: > 0 } value ? value : Path.Combine(Installation.Root(), ".field", "data") };
        Option<int> last = new("--last") { HelpName = "N", Description = "Only the last N entries; 0 for all.", DefaultValueFactory = _ => 100 };
        Command verify = new("verify", "記録の改ざんを調べます / Checks the hash chain from the first entry to the last.") { data };
        verify.SetAction(r => Verify(IdentityOptions.AuditFolderOf(r.GetRequiredValue(data))));
        Command show = new("show", "記録を表示します / Prints the entries, oldest first, one JSON object a line.") { data, last };
        show.SetAction(r => Show(IdentityOptions.AuditFolderOf(r.GetRequiredValue(data)), r.GetValue(last)));
        return new Command("audit", "The audit log.") { verify, show };
    }

    private static int Verify(string folder)
    {
        AuditReport report = AuditLog.Verify(folder);
        if (report.Problem is { } problem)
        {
            Console.WriteLine($"NG  {problem}\n    {report.Entries} 件目までは正しくつながっています / the chain is whole up to entry {report.Entries}");
            return 1;
        }

        Console.WriteLine($"OK  {report.Entries} 件 / entries, head {report.Head}");
        return 0;
    }

    private static int Show(string folder, int last)
    {
        IEnumerable<string> lines = AuditLog.Read(folder);
        foreach (string line in last > 0 ? lines.TakeLast(last) : lines)
        {
            Console.WriteLine(line);
        }

        return 0;
    }
}
