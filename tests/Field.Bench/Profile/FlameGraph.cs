using System.Globalization;
using System.Net;
using System.Text;

namespace Field.Bench.Profile;

/// <summary>Call stacks added up into a tree, and the tree drawn as an SVG: width is processor time, the call goes upwards.</summary>
internal sealed class FlameGraph
{
    private const double WidthPx = 1600;
    private const double RowPx = 17;
    private const double MinPx = 0.6;
    private const double CharPx = 6.6;

    private readonly Node _root = new("all");

    /// <summary>Adds one sample.</summary>
    /// <param name="stack">From the outermost call to the innermost.</param>
    public void Add(IEnumerable<string> stack)
    {
        Node node = _root;
        node.Samples++;
        foreach (string frame in stack)
        {
            node = node.Child(frame);
            node.Samples++;
        }
    }

    /// <summary>The SVG; each box says its share when the pointer rests on it.</summary>
    public string ToSvg(string title)
    {
        double heightPx = ((_root.Depth((long)Math.Ceiling(MinPx / WidthPx * _root.Samples)) + 2) * RowPx) + 30;
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{WidthPx}" height="{heightPx}" font-family="monospace" font-size="11">
            <rect width="100%" height="100%" fill="#fff"/><text x="8" y="18" font-size="14">{WebUtility.HtmlEncode(title)}; {_root.Samples} samples</text>

            """);
        Draw(svg, _root, 0, heightPx - RowPx);
        return svg.Append("</svg>\n").ToString();
    }

    private void Draw(StringBuilder svg, Node node, double x, double y)
    {
        double width = WidthPx * node.Samples / _root.Samples;
        if (width < MinPx)
        {
            return;
        }

        string name = WebUtility.HtmlEncode(node.Name);
        int room = (int)(width / CharPx);
        string label = room < 4 ? "" : WebUtility.HtmlEncode(node.Name.Length <= room ? node.Name : node.Name[..(room - 1)] + "…");
        svg.Append(CultureInfo.InvariantCulture, $"""
            <g><title>{name}: {100.0 * node.Samples / _root.Samples:0.0} %</title><rect x="{x:0.#}" y="{y:0.#}" width="{width:0.#}" height="{RowPx - 1}" fill="{Colour(node.Name)}"/><text x="{x + 2:0.#}" y="{y + 12:0.#}">{label}</text></g>

            """);
        foreach (Node child in node.Children.Values.OrderBy(c => c.Name, StringComparer.Ordinal))
        {
            Draw(svg, child, x, y - RowPx);
            x += WidthPx * child.Samples / _root.Samples;
        }
    }

    /// <summary>Field's own code warm, the kernel grey, all else in between.</summary>
    private static string Colour(string frame) => frame switch
    {
        _ when frame.StartsWith("Field.", StringComparison.Ordinal) => "#f28e5c",
        _ when frame.Contains("sqlite", StringComparison.OrdinalIgnoreCase) => "#9ac5e5",
        _ when frame.Contains("::", StringComparison.Ordinal) => "#f7d08a",
        _ => "#d5d5d5",
    };

    private sealed class Node(string name)
    {
        public string Name { get; } = name;

        public long Samples { get; set; }

        public Dictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public Node Child(string name)
        {
            if (!Children.TryGetValue(name, out Node? child))
            {
                Children.Add(name, child = new Node(name));
            }

            return child;
        }

        /// <summary>Rows that are drawn: calls with fewer samples are too narrow.</summary>
        public int Depth(long minSamples) => 1 + Children.Values.Where(c => c.Samples >= minSamples).Select(c => c.Depth(minSamples)).DefaultIfEmpty().Max();
    }
}
