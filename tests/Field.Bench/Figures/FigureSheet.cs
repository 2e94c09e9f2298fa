using System.Text;

namespace Field.Bench.Figures;

/// <summary>The figures of one bench: each is printed as one line when it is known, and all can be kept in a file of results.</summary>
/// <param name="bench">The name of the bench, which is the title of its section.</param>
/// <param name="output">Where the lines go.</param>
internal sealed class FigureSheet(string bench, TextWriter output)
{
    private readonly List<Figure> _figures = [];

    /// <summary>False when a figure missed its target.</summary>
    public bool AllMet => _figures.TrueForAll(f => f.IsMet);

    /// <summary>Takes a figure and prints it.</summary>
    public void Add(Figure figure)
    {
        _figures.Add(figure);
        string target = figure.Target is { } wanted ? $"{wanted} {(figure.IsMet ? "ok" : "MISSED")}" : "";
        string peer = figure.Peer is { } other ? $"beside {other}" : "";
        string note = figure.Note is { } text ? $"({text})" : "";
        output.WriteLine($"{bench,-12} {figure.Name,-44} {Figure.Number(figure.Value),12} {figure.Unit,-14} {target,-22} {peer} {note}".TrimEnd());
    }

    /// <summary>What happens, for whoever waits: a line that is no figure.</summary>
    public void Say(string progress) => output.WriteLine($"{bench,-12} {progress}");

    /// <summary>Puts this bench's section into a file of results, in place of an earlier one of the same bench.</summary>
    /// <param name="path">Such as <c>tests/Field.Bench/RESULTS.md</c>; created when absent.</param>
    /// <param name="today">The date of the run.</param>
    public void WriteTo(string path, DateOnly today)
    {
        List<string> lines = File.Exists(path) ? [.. File.ReadAllLines(path)] : ["# Results of `./field bench`"];
        string title = $"## {bench}";
        int from = lines.IndexOf(title);
        if (from >= 0)
        {
            int to = lines.FindIndex(from + 1, l => l.StartsWith("## ", StringComparison.Ordinal));
            lines.RemoveRange(from, (to < 0 ? lines.Count : to) - from);
        }
        else
        {
            from = lines.Count;
        }

        lines.InsertRange(from, [title, .. Section(today), ""]);
        if (from > 0 && lines[from - 1].Length > 0)
        {
            lines.Insert(from, "");
        }

        File.WriteAllText(path, string.Join('\n', lines).TrimEnd() + "\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    private IEnumerable<string> Section(DateOnly today)
    {
        yield return "";
        yield return $"{today:yyyy-MM-dd}, {Machine.Describe()}";
        yield return "";
        yield return "| figure | value | unit | target | met | peer, same run | how |";
        yield return "|---|---|---|---|---|---|---|";
        foreach (Figure f in _figures)
        {
            string met = f.Target is null ? "" : f.IsMet ? "yes" : "no";
            yield return $"| {f.Name} | {Figure.Number(f.Value)} | {f.Unit} | {f.Target} | {met} | {f.Peer} | {f.Note} |";
        }
    }
}
