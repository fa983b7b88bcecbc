using Kehrwerk.Planning.Benchmarks;

namespace Kehrwerk.Planning.Tests.Benchmarks;

/// <summary>
/// A street map small enough to add up by hand. Travelling costs 1 on each side of the square and 5 on the diagonal;
/// service costs 3. Node 5 lies behind a one-way street out and another back.
/// <code>
///   1 ===1=== 2 ---4--> 5       === required edge    --> required arc    ··· not required
///   :  ·      ‖         |
///   3    ·    2         |       depot 1, dumping site 3
///   :      ·  ‖         |
///   4 ········3 &lt;-······+       1 (1,2) demand 2    2 (2,3) demand 2    3 (4,1) demand 3    4 (2,5) demand 1
/// </code>
/// </summary>
internal static class TinyInstance
{
    /// <summary>One trip per tour; each costs 10 besides. Capacity 4.</summary>
    public static string Plain { get; } = """
        NAME : tiny
        NODES : 5
        REQ_EDGES : 3
        NOREQ_EDGES : 2
        REQ_ARCS : 1
        NOREQ_ARCS : 1
        VEHICLES : 1
        CAPACITY : 4
        DUMPING_COST : 10
        LIST_REQ_EDGES :
        (1,2)  serv_cost 3  trav_cost 1  demand 2
        (2,3)  serv_cost 3  trav_cost 1  demand 2
        (4,1)  serv_cost 3  trav_cost 1  demand 3
        LIST_NOREQ_EDGES :
        (3,4)  cost 1
        (1,3)  cost 5
        LIST_REQ_ARCS :
        (2,5)  serv_cost 3  trav_cost 1  demand 1
        LIST_NOREQ_ARCS :
        (5,3)  cost 2
        DEPOT : 1
        """;

    /// <summary>Tours of several trips that end at node 3 and cost at most 28.</summary>
    public static string WithSite { get; } = Plain
        .Replace("LIST_REQ_EDGES :", "MAX_TRIP : 28\nLIST_REQ_EDGES :", StringComparison.Ordinal) + "\nDUMPING_SITES : 3";

    /// <summary>The same edges without the arcs, as the classic format has them: service costs what travelling costs.</summary>
    public static string Classic { get; } = """
         NOMBRE : tiny
         COMENTARIO : drawn by hand
         VERTICES : 4
         ARISTAS_REQ : 3
         ARISTAS_NOREQ : 2
         VEHICULOS : 1
         CAPACIDAD : 4
         TIPO_COSTES_ARISTAS : EXPLICITOS
         COSTE_TOTAL_REQ : 3
         LISTA_ARISTAS_REQ :
         ( 1, 2)  coste 1 demanda 2
         ( 2, 3)  coste 1 demanda 2
         ( 4, 1)  coste 1 demanda 3
         LISTA_ARISTAS_NOREQ :
         ( 3, 4)  coste 1
         ( 1, 3)  coste 5
         DEPOSITO :   1
        """;

    public static ArcInstance Read(string text) => ArcInstanceReader.Read(new StringReader(text), "tiny.txt");
}
